"""One stack a cloud, as examples/ has it in TypeScript: `clouds.py <runtime> <outdir>`. The two are held against each other."""
import sys

from modules import binding, cdk, library

aws, google, azurerm, azuread = (binding(name) for name in ("aws", "google", "azurerm", "azuread"))
flux = library()
controller = flux.FluxServiceAccount.controller
Controller = flux.FluxController

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
TENANT = "00000000-0000-0000-0000-00000000000a"
RESOURCES = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/flux-prod/providers"


class Stack(cdk.TerraformStack):
    def __init__(self, scope, id):
        super().__init__(scope, id)
        self.add_override("terraform.required_version", ">= 1.5")

    def deliver(self, issuer, identities, manifests=True):
        installation = flux.FluxInstallation(self, "Flux", issuer=issuer, version=flux.FluxVersion.V2_10, identities=identities)
        self.output("kustomization", flux.FluxKustomization(self, "Kustomization", installation=installation).yaml)
        if manifests:
            self.output("manifests", flux.FluxManifests(self, "Manifests", installation=installation).yaml)

    def output(self, id, value):
        cdk.TerraformOutput(self, id, value=value)


def pod_identity(app):
    """examples/eks-pod-identity"""
    stack = Stack(app, "flux-aws-pod-identity")
    aws.AwsProvider(stack, "Aws", region="eu-west-1")
    cluster = flux.ClusterIssuer.eks(stack, "Cluster", cluster_name="prod")
    images = flux.FluxPodIdentityRole(
        stack, "Images", issuer=cluster, account="111122223333",
        service_accounts=[controller(Controller.SOURCE), controller(Controller.IMAGE_REFLECTOR)],
    )
    images.grant("Apps", flux.EcrPermissions.pull("arn:aws:ecr:eu-west-1:111122223333:repository/apps/*"))
    images.grant("Public", flux.EcrPublicPermissions.pull())
    images.grant("Manifests", flux.S3Permissions.read("arn:aws:s3:::flux-manifests", prefix="clusters/prod/"))
    sops = flux.FluxPodIdentityRole(
        stack, "Sops", issuer=cluster, account="111122223333", service_accounts=[controller(Controller.KUSTOMIZE)],
    )
    sops.grant("Key", flux.KmsPermissions.decrypt("arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"))
    stack.deliver(cluster, [images, sops], manifests=False)


def gke(app):
    """examples/gke-to-gcp"""
    stack = Stack(app, "flux-gcp-gke")
    google.GoogleProvider(stack, "Google", project="acme-prod", region="europe-west1")
    cluster = flux.ClusterIssuer.gke(stack, "Cluster", project_id="acme-prod", location="europe-west1", cluster_name="prod")
    pool = flux.FluxGcpWorkloadPool.gke(stack, "Pool", project_id="acme-prod", issuer=cluster)
    images = flux.FluxGcpPrincipal(
        stack, "Images", pool=pool, service_accounts=[controller(Controller.SOURCE), controller(Controller.IMAGE_REFLECTOR)],
    )
    images.grant("Apps", flux.ArtifactRegistryPermissions.pull("projects/acme-prod/locations/europe-west1/repositories/apps"))
    images.grant("Manifests", flux.CloudStoragePermissions.read("acme-flux-manifests"))
    sops = flux.FluxGcpServiceAccount(
        stack, "Sops", pool=pool, service_accounts=[controller(Controller.KUSTOMIZE)], account_id="flux-sops", project="acme-prod",
    )
    sops.grant("Key", flux.CloudKmsPermissions.decrypt("projects/acme-prod/locations/europe-west1/keyRings/flux/cryptoKeys/sops"))
    events = flux.FluxGcpPrincipal(stack, "Events", pool=pool, service_accounts=[controller(Controller.NOTIFICATION)])
    events.grant("Topic", flux.PubSubPermissions.publish("projects/acme-prod/topics/flux-events"))
    team_a = flux.FluxGcpPrincipal(stack, "TeamA", pool=pool, service_accounts=[flux.FluxServiceAccount.of("team-a", "flux")])
    team_a.grant("Images", flux.ArtifactRegistryPermissions.pull("projects/acme-prod/locations/europe-west1/repositories/team-a"))
    stack.deliver(cluster, [images, sops, events, team_a])


def aks(app):
    """examples/aks-to-azure"""
    stack = Stack(app, "flux-azure-aks")
    azurerm.AzurermProvider(stack, "Azure", features=[azurerm.AzurermProviderFeatures()], subscription_id=SUBSCRIPTION, tenant_id=TENANT)
    cluster = flux.ClusterIssuer.aks(stack, "Cluster", name="prod", resource_group_name="flux-prod")
    registry = flux.AcrPermissions.pull(f"{RESOURCES}/Microsoft.ContainerRegistry/registries/acmeregistry")

    def identity(id, name, *accounts):
        return flux.FluxAzureFederatedIdentity(
            stack, id, issuers=[cluster], resource_group_name="flux-prod", location="westeurope", name=name, service_accounts=list(accounts),
        )

    sources = identity("Sources", "flux-sources", controller(Controller.SOURCE), controller(Controller.IMAGE_REFLECTOR))
    sources.grant("Registry", registry)
    container = f"{RESOURCES}/Microsoft.Storage/storageAccounts/acmeflux/blobServices/default/containers/manifests"
    sources.grant("Manifests", flux.BlobStoragePermissions.read(container))
    sops = identity("Sops", "flux-sops", controller(Controller.KUSTOMIZE))
    sops.grant("Vault", flux.KeyVaultPermissions.decrypt(f"{RESOURCES}/Microsoft.KeyVault/vaults/acme-flux"))
    notifications = identity("Notifications", "flux-notifications", controller(Controller.NOTIFICATION))
    notifications.grant("Hub", flux.EventHubsPermissions.send(f"{RESOURCES}/Microsoft.EventHub/namespaces/acme-events/eventhubs/flux"))
    team_a = identity("TeamA", "flux-team-a", flux.FluxServiceAccount.of("team-a", "flux"))
    team_a.grant("Registry", registry)
    stack.deliver(cluster, [sources, sops, notifications, team_a])
    stack.output("object_level_credentials", team_a.credential_ids)


def entra(app):
    """examples/azure-certificate"""
    stack = Stack(app, "flux-azure-certificate")
    azurerm.AzurermProvider(stack, "Azure", features=[azurerm.AzurermProviderFeatures()], subscription_id=SUBSCRIPTION, tenant_id=TENANT)
    azuread.AzureadProvider(stack, "Entra", tenant_id=TENANT)
    cluster = flux.ClusterIssuer.oidc(stack, "Cluster", url="https://kubernetes.default.svc.cluster.local")

    def application(id, name, variable, **users):
        certificate = cdk.TerraformVariable(stack, variable, type="string", description="The public certificate, PEM").string_value
        return flux.FluxAzureApplication(stack, id, display_name=name, certificate=certificate, end_date="2027-12-31T00:00:00Z", **users)

    sops = application("Sops", "flux-sops", "sops_certificate", service_accounts=[controller(Controller.KUSTOMIZE)])
    sops.grant("Vault", flux.KeyVaultPermissions.decrypt(f"{RESOURCES}/Microsoft.KeyVault/vaults/acme-flux"))
    team_a = application("TeamA", "flux-team-a", "team_a_certificate", secrets=[flux.FluxSecret.bucket("team-a", "flux-azure")])
    container = f"{RESOURCES}/Microsoft.Storage/storageAccounts/acmeflux/blobServices/default/containers/manifests"
    team_a.grant("Manifests", flux.BlobStoragePermissions.read(container))
    stack.deliver(cluster, [sops, team_a], manifests=False)
    stack.output("team_a_client_id", team_a.client_id)


app = cdk.App(outdir=sys.argv[2])
for add in (pod_identity, gke, aks, entra):
    add(app)
app.synth()
