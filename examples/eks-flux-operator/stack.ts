import { join } from 'path';
import { EksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import { EksNodeGroup } from '@cdktf/provider-aws/lib/eks-node-group';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { AssetType, Fn, TerraformAsset, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  ClusterIssuer, EcrPermissions, FluxController, FluxFields, FluxInstallation, FluxInstanceConfig, FluxIrsaRole, FluxKind, FluxLockdown,
  FluxManifests, FluxOidcProvider, FluxOperatorValues, FluxServiceAccount, FluxTenant, FluxVersion, KmsPermissions,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'
import { HelmRelease, PlainProvider } from '../plain-providers';

const REGISTRY = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
const ECR = 'arn:aws:ecr:eu-west-1:111122223333:repository';
const SUBNETS = ['subnet-0a0a0a0a0a0a0a0a0', 'subnet-0b0b0b0b0b0b0b0b0'];

/**
 * From nothing to a pulled private image in one apply: the EKS cluster, the Flux Operator, Flux, a tenant and what it deploys. Terraform
 * keeps the FluxInstance: a role that is replaced arrives by the next apply. It all plans without a cluster.
 */
export class EksFluxOperator extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, 'Aws', { region: 'eu-west-1' });
    const eks = new EksCluster(this, 'Eks', { name: 'prod', roleArn: 'arn:aws:iam::111122223333:role/eks', vpcConfig: { subnetIds: SUBNETS } });
    const nodes = new EksNodeGroup(this, 'Nodes', {
      clusterName: eks.name, nodeRoleArn: 'arn:aws:iam::111122223333:role/nodes', subnetIds: SUBNETS, scalingConfig: { desiredSize: 2, minSize: 2, maxSize: 3 },
    });

    const cluster = ClusterIssuer.eks(this, 'Cluster', { clusterName: 'prod', clusterArn: eks.arn, issuerUrl: eks.identity.get(0).oidc.get(0).issuer });
    const oidcProviders = [new FluxOidcProvider(this, 'Oidc', { issuer: cluster })];
    const flux = new FluxInstallation(this, 'Flux', {
      issuer: cluster, version: FluxVersion.V2_9, lockdown: FluxLockdown.kubernetes({ defaultServiceAccount: 'flux' }),
    });

    const fleet = new FluxIrsaRole(this, 'Fleet', { oidcProviders, serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)] });
    const fleetGrant = fleet.grant('Fleet', EcrPermissions.pull(`${ECR}/fleet`));
    flux.addIdentity(fleet);

    const tenant = new FluxTenant(this, 'TeamA', { installation: flux, namespace: 'team-a', decryptionServiceAccountName: 'sops', clusterRole: 'admin' });
    const images = new FluxIrsaRole(tenant, 'Images', { oidcProviders, serviceAccounts: [tenant.serviceAccount] });
    const imagesGrant = images.grant('Own', EcrPermissions.pull(`${ECR}/team-a/*`));
    const sops = new FluxIrsaRole(tenant, 'Sops', { oidcProviders, serviceAccounts: [tenant.decryptionServiceAccount] });
    const sopsGrant = sops.grant('Key', KmsPermissions.decrypt('arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'));
    [images, sops].forEach((identity) => tenant.addIdentity(identity));

    new PlainProvider(this, 'Helm', 'hashicorp/helm', '~> 3.0', {
      kubernetes: {
        host: eks.endpoint,
        cluster_ca_certificate: Fn.base64decode(eks.certificateAuthority.get(0).data),
        exec: { api_version: 'client.authentication.k8s.io/v1beta1', command: 'aws', args: ['eks', 'get-token', '--cluster-name', eks.name] },
      },
    });
    const charts = { repository: 'oci://ghcr.io/controlplaneio-fluxcd/charts', version: '0.59.0' };
    const chart = `./${new TerraformAsset(this, 'Objects', { path: join(__dirname, 'objects'), type: AssetType.DIRECTORY }).path}`;
    const operator = new HelmRelease(this, 'Operator', {
      name: 'flux-operator',
      chart: 'flux-operator',
      ...charts,
      dependsOn: [nodes],
      values: [new FluxOperatorValues(this, 'OperatorValues', { installation: flux }).yaml],
    });
    const accounts = new HelmRelease(this, 'Accounts', {
      name: 'flux-accounts', chart, dependsOn: [operator], values: [Fn.jsonencode({ objects: new FluxManifests(this, 'Manifests', { installation: flux }).yaml })],
    });
    const sync = { kind: 'OCIRepository', url: `oci://${REGISTRY}/fleet`, ref: 'latest', path: 'clusters/prod', provider: 'aws' };
    const instance = new HelmRelease(this, 'Instance', {
      name: 'flux',
      chart: 'flux-instance',
      ...charts,
      dependsOn: [accounts],
      // The release is done when Flux is ready: its CRDs are there for what comes next.
      values: [
        Fn.jsonencode({ healthcheck: { enabled: true }, instance: { distribution: { version: '2.9.x' }, components: flux.controllers, sync } }),
        Fn.jsonencode({ instance: new FluxInstanceConfig(this, 'InstanceConfig', { installation: flux }).parts }),
      ],
    });
    fleetGrant.applyBefore(instance);

    // Whole Flux objects: what names the cloud and the account comes from the identity, the rest is yours.
    const source = FluxFields.of(FluxKind.OCI_REPOSITORY, { installation: flux, identity: images });
    const decrypts = FluxFields.of(FluxKind.KUSTOMIZATION, { installation: flux, identity: sops });
    const metadata = { name: 'apps', namespace: 'team-a' };
    const apps = [
      { ...source.object, metadata, spec: { ...source.spec, url: `oci://${REGISTRY}/team-a/apps`, ref: { tag: 'latest' }, interval: '5m' } },
      { ...decrypts.object, metadata, spec: { ...decrypts.spec, sourceRef: { kind: 'OCIRepository', name: 'apps' }, path: './', prune: true, interval: '10m' } },
    ];
    const objects = apps.map((object) => JSON.stringify(object, undefined, 2)).join('\n---\n');
    const deployed = new HelmRelease(this, 'Apps', { name: 'team-a-apps', chart, dependsOn: [instance], values: [JSON.stringify({ objects })] });
    [imagesGrant, sopsGrant].forEach((grant) => grant.applyBefore(deployed));
  }
}
