"""The resources of the quick start, by the bindings alone: what the time of quick_start.py is held against."""
import json
import sys
from importlib import import_module

from modules import binding, cdk

aws = binding("aws")


def module(name):
    return import_module(f"{aws.__name__.rsplit('.', 1)[0]}.{name}")


app = cdk.App(outdir=sys.argv[2])
stack = cdk.TerraformStack(app, "flux")
aws.AwsProvider(stack, "Aws", region="eu-west-1")

cluster = module("data_aws_eks_cluster").DataAwsEksCluster(stack, "Cluster", name="prod")
issuer = cluster.identity.get(0).oidc.get(0).issuer
oidc = module("iam_openid_connect_provider").IamOpenidConnectProvider(stack, "Oidc", url=issuer, client_id_list=["sts.amazonaws.com"])
host = cdk.Fn.replace(issuer, "https://", "")
role = module("iam_role").IamRole(stack, "Images", assume_role_policy=cdk.Fn.jsonencode({
    "Version": "2012-10-17",
    "Statement": [{
        "Effect": "Allow",
        "Principal": {"Federated": oidc.arn},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {
            f"{host}:aud": "sts.amazonaws.com",
            f"{host}:sub": [
                "system:serviceaccount:flux-system:image-reflector-controller", "system:serviceaccount:flux-system:source-controller",
            ],
        }},
    }],
}))
module("iam_role_policy").IamRolePolicy(stack, "ImagesPolicy", name="flux", role=role.name, policy=json.dumps({
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:ListImages"],
            "Resource": "arn:aws:ecr:eu-west-1:111122223333:repository/apps/*",
        },
        {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::flux-manifests/*"},
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::flux-manifests"},
    ],
}))
cdk.TerraformOutput(stack, "kustomization", value=f"""apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - gotk-components.yaml
  - gotk-sync.yaml
patches:
  - target:
      kind: ServiceAccount
      name: (source-controller|image-reflector-controller)
    patch: |
      apiVersion: v1
      kind: ServiceAccount
      metadata:
        name: all
        annotations:
          eks.amazonaws.com/role-arn: {role.arn}
""")
app.synth()
