import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3Backend, TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  ClusterIssuer, EcrPermissions, FluxInstallation, FluxIrsaRole, FluxKustomization, FluxManifests, FluxOidcProvider, FluxTenant, FluxVersion,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

/** Stacks read each other's outputs from their states: in a place that all of them reach. */
function stateOf(stack: TerraformStack): void {
  new S3Backend(stack, { bucket: 'acme-terraform-states', key: `${stack.node.id}.tfstate`, region: 'eu-west-1' });
}

/** The platform team's stack: the cluster's issuer, what trusts it, and the one Flux that everybody adds to. */
export class LandingZonePlatform extends TerraformStack {
  public readonly oidc: FluxOidcProvider;
  public readonly flux: FluxInstallation;

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    stateOf(this);
    new AwsProvider(this, 'Aws', { region: 'eu-west-1' });
    const cluster = ClusterIssuer.eks(this, 'Cluster', { clusterName: 'prod' });
    this.oidc = new FluxOidcProvider(this, 'Oidc', { issuer: cluster });
    this.flux = new FluxInstallation(this, 'Flux', {
      issuer: cluster, version: FluxVersion.V2_10, acknowledgeWarnings: ['tenants-without-lockdown'], // an admission policy keeps tenants apart here
    });
  }
}

/** A team's stack: its namespace, its role, its repositories. Roles, tags and boundaries are the team's own. */
export class LandingZoneTeam extends TerraformStack {
  public constructor(scope: Construct, id: string, platform: LandingZonePlatform) {
    super(scope, id);
    stateOf(this);
    new AwsProvider(this, 'Aws', { region: 'eu-west-1', defaultTags: [{ tags: { team: 'a' } }] });
    const tenant = new FluxTenant(this, 'Tenant', { installation: platform.flux, namespace: 'team-a', clusterRole: 'admin' });
    const images = new FluxIrsaRole(this, 'Images', {
      oidcProviders: [platform.oidc],
      serviceAccounts: [tenant.serviceAccount],
      permissionsBoundary: 'arn:aws:iam::111122223333:policy/team-boundary',
    });
    images.grant('Apps', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/team-a/*'));
    tenant.addIdentity(images);
  }
}

/** The last stack tells Flux: it takes values of both others, and neither needs it. In one of them it would make a circle. */
export class LandingZoneDelivery extends TerraformStack {
  public constructor(scope: Construct, id: string, { flux }: LandingZonePlatform) {
    super(scope, id);
    stateOf(this);
    new TerraformOutput(this, 'kustomization', { value: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml });
    new TerraformOutput(this, 'manifests', { value: new FluxManifests(this, 'Manifests', { installation: flux }).yaml });
  }
}
