import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { roleOf } from './aws';
import { AKS_ISSUER, EKS_ISSUER } from './computed';
import { allowed, canAssumeWithWebIdentity, WebIdentity } from './iam';
import { describeWith, TERRAFORM } from './programs';
import { evaluate, Evaluation } from './terraform';
import { FluxIrsaRole, FluxIrsaRoleProps } from '../../lib/aws/flux-irsa-role';
import { FluxOidcProvider, IFluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { EcrPermissions } from '../../lib/aws/permissions/ecr';
import { ClusterIssuer, IClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';

type Text = (text: string) => string;

const GKE_ISSUER = 'https://container.googleapis.com/v1/projects/acme-prod/locations/europe-west1/clusters/prod';
const OIDC_ISSUER = 'https://oidc.example.com/clusters/kind';
const BLUE = 'https://oidc.example.com/clusters/blue';
const SUBJECT = 'system:serviceaccount:flux-system:source-controller';
const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);

/** Each way to name a cluster, with its issuer as the cluster's tokens carry it; `hidden` makes a value one that only Terraform knows. */
const ISSUERS: ReadonlyArray<readonly [string, string, (stack: TerraformStack, id: string, hidden: Text) => IClusterIssuer]> = [
  ['EKS, looked up', EKS_ISSUER, (stack, id) => ClusterIssuer.eks(stack, id, { clusterName: 'prod' })],
  ['EKS, plain', EKS_ISSUER, (stack, id) => ClusterIssuer.eks(stack, id, { clusterName: 'prod', issuerUrl: EKS_ISSUER })],
  ['EKS, token', EKS_ISSUER, (stack, id, hidden) => ClusterIssuer.eks(stack, id, { clusterName: 'prod', issuerUrl: hidden(EKS_ISSUER) })],
  ['GKE, plain', GKE_ISSUER, (stack, id) => ClusterIssuer.gke(stack, id, { projectId: 'acme-prod', location: 'europe-west1', clusterName: 'prod' })],
  ['GKE, token', GKE_ISSUER, (stack, id, hidden) =>
    ClusterIssuer.gke(stack, id, { projectId: hidden('acme-prod'), location: 'europe-west1', clusterName: hidden('prod') })],
  ['AKS, looked up', AKS_ISSUER, (stack, id) => ClusterIssuer.aks(stack, id, { name: 'prod', resourceGroupName: 'clusters' })],
  ['AKS, plain', AKS_ISSUER, (stack, id) => ClusterIssuer.aks(stack, id, { name: 'prod', resourceGroupName: 'clusters', issuerUrl: AKS_ISSUER })],
  ['AKS, token', AKS_ISSUER, (stack, id, hidden) =>
    ClusterIssuer.aks(stack, id, { name: 'prod', resourceGroupName: 'clusters', issuerUrl: hidden(AKS_ISSUER) })],
  ['other, plain', OIDC_ISSUER, (stack, id) => ClusterIssuer.oidc(stack, id, { url: OIDC_ISSUER })],
  ['other, token', OIDC_ISSUER, (stack, id, hidden) => ClusterIssuer.oidc(stack, id, { url: hidden(OIDC_ISSUER) })],
  ['other, with a slash', `${OIDC_ISSUER}/`, (stack, id) => ClusterIssuer.oidc(stack, id, { url: `${OIDC_ISSUER}/` })],
];

const providerArn = (issuer: string, partition = 'aws') => `arn:${partition}:iam::111122223333:oidc-provider/${issuer.replace('https://', '')}`;

type MakeProvider = (stack: TerraformStack, id: string, issuer: IClusterIssuer, arn: string, hidden: Text) => IFluxOidcProvider;

/** Each way to name the OIDC provider of an issuer. */
const PROVIDERS: ReadonlyArray<readonly [string, MakeProvider]> = [
  ['new', (stack, id, issuer) => new FluxOidcProvider(stack, id, { issuer })],
  ['lookup', (stack, id, issuer) => FluxOidcProvider.lookup(stack, id, { issuer })],
  ['plain ARN', (stack, id, issuer, arn) => FluxOidcProvider.fromOidcProviderArn(stack, id, { issuer, arn })],
  ['token ARN', (stack, id, issuer, arn, hidden) => FluxOidcProvider.fromOidcProviderArn(stack, id, { issuer, arn: hidden(arn) })],
];

const PARTITIONS = [['aws', 'eu-west-1'], ['aws-cn', 'cn-north-1'], ['aws-us-gov', 'us-gov-west-1']];

class Trusts extends TerraformStack {
  private hiddenValues = 0;

  public constructor() {
    super(Testing.app(), 'trusts');
    new AwsProvider(this, 'Aws', {});
    const hidden: Text = (text) => new TerraformVariable(this, `value${this.hiddenValues++}`, { type: 'string', default: text }).stringValue;
    ISSUERS.forEach(([, url, issuer], row) => PROVIDERS.forEach(([, provider], column) => {
      const cluster = issuer(this, `Cluster${row}x${column}`, hidden);
      this.role(`Role${row}x${column}`, { oidcProviders: [provider(this, `Oidc${row}x${column}`, cluster, providerArn(url), hidden)] });
    }));

    const oidc = (id: string, url: string, partition?: string) => FluxOidcProvider.fromOidcProviderArn(this, `${id}Oidc`, {
      issuer: ClusterIssuer.oidc(this, `${id}Cluster`, { url }), arn: providerArn(url, partition),
    });
    this.role('Several', { oidcProviders: [oidc('Blue', BLUE), oidc('Green', OIDC_ISSUER)], serviceAccounts: [SOURCE, FluxServiceAccount.of('team-a', 'flux')] });
    PARTITIONS.forEach(([partition, region]) => {
      const id = `Partition${partition.replace(/-/g, '')}`;
      this.role(id, { oidcProviders: [oidc(id, OIDC_ISSUER, partition)], partition, region })
        .grant('Apps', EcrPermissions.pull(`arn:${partition}:ecr:${region}:111122223333:repository/apps/*`));
    });
  }

  private role(id: string, props: Partial<FluxIrsaRoleProps> & Pick<FluxIrsaRoleProps, 'oidcProviders'>): FluxIrsaRole {
    return new FluxIrsaRole(this, id, { serviceAccounts: [SOURCE], region: 'eu-west-1', ...props });
  }
}

describeWith([TERRAFORM], 'trust policies in AWS', () => {
  let evaluation: Evaluation;
  const warned = jest.spyOn(console, 'warn');
  beforeAll(() => {
    evaluation = evaluate(new Trusts());
  });

  it('synthesize without a warning of cdktf, whatever is a token', () => {
    expect(warned).not.toHaveBeenCalled();
  });

  /** The right token, and tokens that differ from it in one thing. */
  function expectExactly(path: string, right: WebIdentity): void {
    const { trust } = roleOf(evaluation, path);
    const { issuer } = right;
    const slash = issuer.endsWith('/') ? issuer.slice(0, -1) : `${issuer}/`;
    const wrong: { [what: string]: Partial<WebIdentity> } = {
      'namespace': { sub: 'system:serviceaccount:flux-system-2:source-controller' },
      'account': { sub: 'system:serviceaccount:flux-system:source-controller-2' },
      'other controller': { sub: 'system:serviceaccount:flux-system:kustomize-controller' },
      'wildcard': { sub: 'system:serviceaccount:flux-system:*' },
      'audience': { aud: 'sts.amazonaws.com.cn' },
      'audience of the API server': { aud: 'https://kubernetes.default.svc' },
      'issuer and its provider': { issuer: 'https://other.example.com', provider: providerArn('https://other.example.com') },
      'issuer': { issuer: 'https://other.example.com' },
      'provider': { provider: providerArn('https://other.example.com') },
      'slash': { issuer: slash, provider: providerArn(slash) },
      'slash in the keys': { issuer: slash },
    };
    expect(canAssumeWithWebIdentity(trust, right)).toBe(true);
    expect(Object.keys(wrong).filter((what) => canAssumeWithWebIdentity(trust, { ...right, ...wrong[what] }))).toEqual([]);
  }

  const rows = ISSUERS.flatMap(([issuer, url], row) => PROVIDERS.map(([provider], column) => ({ issuer, provider, url, path: `Role${row}x${column}` })));

  it.each(rows)('let in the one account of $issuer, with the provider by $provider', ({ url, path }) => {
    expectExactly(path, { issuer: url, provider: providerArn(url), sub: SUBJECT, aud: 'sts.amazonaws.com' });
  });

  it.each(PARTITIONS)('let in the one account in partition %s, for the one audience', (partition, region) => {
    const path = `Partition${partition.replace(/-/g, '')}`;
    expectExactly(path, { issuer: OIDC_ISSUER, provider: providerArn(OIDC_ISSUER, partition), sub: SUBJECT, aud: 'sts.amazonaws.com' });
    const { policies } = roleOf(evaluation, path);
    const pull = (of: string) => allowed(policies, { action: 'ecr:BatchGetImage', resource: `arn:${of}:ecr:${region}:111122223333:repository/apps/web` });
    expect(PARTITIONS.map(([of]) => of).filter(pull)).toEqual([partition]);
  });

  it('let in each of several accounts from each of several clusters', () => {
    const { trust } = roleOf(evaluation, 'Several');
    for (const issuer of [BLUE, OIDC_ISSUER]) {
      const right = { issuer, provider: providerArn(issuer), aud: 'sts.amazonaws.com', sub: SUBJECT };
      expect(canAssumeWithWebIdentity(trust, right)).toBe(true);
      expect(canAssumeWithWebIdentity(trust, { ...right, sub: 'system:serviceaccount:team-a:flux' })).toBe(true);
      expect(canAssumeWithWebIdentity(trust, { ...right, sub: 'system:serviceaccount:team-a:source-controller' })).toBe(false);
      expect(canAssumeWithWebIdentity(trust, { ...right, aud: 'other' })).toBe(false);
      expect(canAssumeWithWebIdentity(trust, { ...right, provider: providerArn(issuer === BLUE ? OIDC_ISSUER : BLUE) })).toBe(false);
    }
  });
});
