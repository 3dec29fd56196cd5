import { EksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, Aspects, IAspect, S3Backend, TerraformOutput, TerraformStack } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import {
  ClusterIssuer, EcrPermissions, FluxController, FluxEcrRepositoryPolicy, FluxInstallation, FluxIrsaRole, FluxKustomization, FluxManifests, FluxMove,
  FluxOidcProvider, FluxServiceAccount, FluxTenant, FluxVersion, S3Permissions,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

/** The account of the cluster, and that of the team. */
const PLATFORM = '111122223333';
const TEAM_A = '444455556666';

/** What the organization wants of every role, whoever makes it. */
class Baseline implements IAspect {
  public visit(node: IConstruct): void {
    if (!(node instanceof IamRole)) return;
    node.permissionsBoundary = `arn:aws:iam::${PLATFORM}:policy/boundary`;
    node.tags = { ...node.tagsInput, 'cost-center': '4711' };
  }
}

/** A stack as the organization has them. Stacks read each other's outputs from their states: in a place that all of them reach. */
abstract class LandingZoneStack extends TerraformStack {
  protected constructor(scope: Construct, id: string) {
    super(scope, id);
    new S3Backend(this, { bucket: 'acme-terraform-states', key: `${id}.tfstate`, region: 'eu-west-1' });
    new AwsProvider(this, 'Aws', { region: 'eu-west-1', allowedAccountIds: [PLATFORM] });
    Aspects.of(this).add(new Baseline());
  }
}

/** Another team's stack, by plain bindings: it made the OIDC provider with the cluster, and knows nothing of Flux. */
export class LandingZoneCluster extends LandingZoneStack {
  public readonly eks: EksCluster;
  public readonly oidcProvider: IamOpenidConnectProvider;

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const roleArn = `arn:aws:iam::${PLATFORM}:role/eks`;
    this.eks = new EksCluster(this, 'Eks', { name: 'prod', roleArn, vpcConfig: { subnetIds: ['subnet-0a0a0a0a0a0a0a0a0', 'subnet-0b0b0b0b0b0b0b0b0'] } });
    this.oidcProvider = new IamOpenidConnectProvider(this, 'Oidc', { url: this.eks.identity.get(0).oidc.get(0).issuer, clientIdList: ['sts.amazonaws.com'] });
  }
}

/** The platform team's stack: the one Flux that everybody adds to. It uses the OIDC provider, and takes over a role that was there. */
export class LandingZonePlatform extends LandingZoneStack {
  public readonly oidc: FluxOidcProvider;
  public readonly flux: FluxInstallation;

  public constructor(scope: Construct, id: string, { eks, oidcProvider }: LandingZoneCluster) {
    super(scope, id);
    const issuer = ClusterIssuer.eks(this, 'Cluster', { clusterName: 'prod', clusterArn: eks.arn, issuerUrl: eks.identity.get(0).oidc.get(0).issuer });
    this.oidc = FluxOidcProvider.fromOidcProviderArn(this, 'Oidc', { issuer, arn: oidcProvider.arn });
    this.flux = new FluxInstallation(this, 'Flux', {
      issuer, version: FluxVersion.V2_10, acknowledgeWarnings: ['tenants-without-lockdown'], // an admission policy keeps tenants apart here
    });

    const sources = new FluxIrsaRole(this, 'Sources', {
      oidcProviders: [this.oidc], serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)], name: 'flux-sources',
    });
    sources.grant('Manifests', S3Permissions.read('arn:aws:s3:::acme-manifests'));
    // The state knows both from the HCL that was here before.
    FluxMove.fromAddress(sources, 'aws_iam_role.flux_sources');
    FluxMove.fromAddress(sources, 'aws_iam_role_policy.flux_sources');
    this.flux.addIdentity(sources);
  }
}

/** A team's stack: its namespace, its role beside the cluster, its repository in an account and a region of its own, which lets the role in. */
export class LandingZoneTeam extends LandingZoneStack {
  public constructor(scope: Construct, id: string, { flux, oidc }: LandingZonePlatform) {
    super(scope, id);
    const provider = new AwsProvider(this, 'Own', { alias: 'own', region: 'eu-central-1', allowedAccountIds: [TEAM_A] });

    const tenant = new FluxTenant(this, 'Tenant', { installation: flux, namespace: 'team-a', clusterRole: 'admin' });
    const images = new FluxIrsaRole(this, 'Images', {
      oidcProviders: [oidc], serviceAccounts: [tenant.serviceAccount], account: PLATFORM, tags: { team: 'a' },
    });
    const repositoryArn = `arn:aws:ecr:eu-central-1:${TEAM_A}:repository/team-a/apps`;
    const pull = EcrPermissions.pull(repositoryArn);
    images.grant('Apps', pull);
    new FluxEcrRepositoryPolicy(this, 'RepositoryPolicy', { repositoryArn, provider }).grant('Images', images, pull);
    tenant.addIdentity(images);
  }
}

/** The last stack tells Flux: it takes values of all others, and none needs it. In one of them it would make a circle. */
export class LandingZoneDelivery extends LandingZoneStack {
  public constructor(scope: Construct, id: string, { flux }: LandingZonePlatform) {
    super(scope, id);
    new TerraformOutput(this, 'kustomization', { value: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml });
    new TerraformOutput(this, 'manifests', { value: new FluxManifests(this, 'Manifests', { installation: flux }).yaml });
  }
}

/** The whole of it, for the program and for its tests. */
export function addLandingZone(app: App): { [name in 'cluster' | 'platform' | 'team' | 'delivery']: LandingZoneStack } {
  const cluster = new LandingZoneCluster(app, 'flux-landing-zone-cluster');
  const platform = new LandingZonePlatform(app, 'flux-landing-zone-platform', cluster);
  const team = new LandingZoneTeam(app, 'flux-landing-zone-team-a', platform);
  return { cluster, platform, team, delivery: new LandingZoneDelivery(app, 'flux-landing-zone-delivery', platform) };
}
