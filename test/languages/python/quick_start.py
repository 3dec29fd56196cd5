"""The quick start of the README, in Python. What it synthesizes is held against the README's own (readme.ts)."""
import sys

from modules import binding, cdk, library

aws = binding("aws")
flux = library()

app = cdk.App(outdir=sys.argv[2])
stack = cdk.TerraformStack(app, "flux")
aws.AwsProvider(stack, "Aws", region="eu-west-1")

cluster = flux.ClusterIssuer.eks(stack, "Cluster", cluster_name="prod")
oidc = flux.FluxOidcProvider(stack, "Oidc", issuer=cluster)
images = flux.FluxIrsaRole(
    stack, "Images",
    oidc_providers=[oidc],
    service_accounts=[
        flux.FluxServiceAccount.controller(flux.FluxController.SOURCE),
        flux.FluxServiceAccount.controller(flux.FluxController.IMAGE_REFLECTOR),
    ],
)
images.grant("Apps", flux.EcrPermissions.pull("arn:aws:ecr:eu-west-1:111122223333:repository/apps/*"))
images.grant("Manifests", flux.S3Permissions.read("arn:aws:s3:::flux-manifests"))

installation = flux.FluxInstallation(stack, "Flux", issuer=cluster, version=flux.FluxVersion.V2_10, identities=[images])
kustomization = flux.FluxKustomization(stack, "Kustomization", installation=installation)
cdk.TerraformOutput(stack, "kustomization", value=kustomization.yaml)
app.synth()
