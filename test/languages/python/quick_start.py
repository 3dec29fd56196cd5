"""The quick start of the README, in Python. What it synthesizes is held against the same in TypeScript (quick-start.ts)."""
import sys

if sys.argv[1] == "cdktf":
    from cdktf import App, TerraformOutput, TerraformStack
    import cdktf_cdktf_provider_aws.provider as aws
    import cdktf_flux_identity as flux
else:
    from cdktn import App, TerraformOutput, TerraformStack
    import cdktn_provider_aws.provider as aws
    import cdktn_flux_identity as flux

app = App(outdir=sys.argv[2])
stack = TerraformStack(app, "flux")
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
TerraformOutput(stack, "kustomization", value=kustomization.yaml)

# The bindings of another cloud are not installed: the error names them, and installing them later still works.
try:
    flux.ClusterIssuer.gke_lookup(stack, "Missing", cluster_name="prod")
except Exception as error:
    print(error)
app.synth()
