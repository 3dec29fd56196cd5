import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { podOf } from './flux';
import { fluxAuth, FluxRequest, GKE_METADATA, loginOf } from './flux-auth';
import { KubernetesObject, parseObjects } from './kustomize';
import { describeWith, FLUX_AUTHS, TERRAFORM } from './programs';
import { evaluate, Evaluation } from './terraform';
import {
  AzureCloud, ClusterIssuer, ClusterKind, FluxAzureEnvironment, FluxAzureFederatedIdentity, FluxController, FluxGcpPrincipal, FluxGcpServiceAccount,
  FluxGcpWorkloadPool, FluxIrsaRole, FluxKustomization, FluxManifests, FluxOidcProvider, FluxRemoteCluster, FluxServiceAccount, FluxVersion,
  IClusterIssuer,
} from '../../lib';
import { fluxOf, resolved, stack } from '../support';

const AKS = '/subscriptions/11112222-3333-4444-8555-666677778888/resourceGroups/flux/providers/Microsoft.ContainerService/managedClusters/staging';
const EKS = 'arn:aws:eks:eu-central-1:111122223333:cluster/staging';
const GKE = 'projects/acme-prod/locations/europe-west1/clusters/staging';
const [ADDRESS, CA] = ['https://10.1.2.3:6443', '-----BEGIN CERTIFICATE-----\nours\n-----END CERTIFICATE-----\n'];
/** What flux-auth's clouds say of every cluster. */
const REMOTE_CA = '-----BEGIN CERTIFICATE-----\nremote\n-----END CERTIFICATE-----\n';
const [ECR, ACR, GAR] = ['111122223333.dkr.ecr.eu-west-1.amazonaws.com/apps', 'acme.azurecr.io/apps', 'europe-west1-docker.pkg.dev/acme-prod/apps'];

const direct = FluxServiceAccount.of('team-a', 'direct');
const impersonating = FluxServiceAccount.of('team-a', 'impersonating');

/** Two accounts of one cluster in all three clouds, and remote clusters that one of them reaches. */
class Reach extends TerraformStack {
  public constructor(id: string, version: FluxVersion, clusterOf: (scope: TerraformStack) => IClusterIssuer) {
    super(Testing.app(), id);
    new AwsProvider(this, 'Aws', {});
    new GoogleProvider(this, 'Google', {});
    new AzurermProvider(this, 'Azure', { features: [{}] });
    const issuer = clusterOf(this);
    const pool = new FluxGcpWorkloadPool(this, 'Pool', { issuer, poolId: 'prod' });
    const identities = [
      new FluxIrsaRole(this, 'Role', { oidcProviders: [new FluxOidcProvider(this, 'Oidc', { issuer })], serviceAccounts: [direct, impersonating] }),
      new FluxAzureFederatedIdentity(this, 'Identity', {
        issuers: [issuer], serviceAccounts: [direct, impersonating], name: 'flux', resourceGroupName: 'flux', location: 'westeurope',
      }),
      new FluxGcpPrincipal(this, 'Principal', { pool, serviceAccounts: [direct] }),
      new FluxGcpServiceAccount(this, 'Account', { pool, serviceAccounts: [impersonating], accountId: 'flux-sops', project: 'acme-prod' }),
    ];
    const installation = fluxOf(this, { issuer, version, identities });
    const at = (name: string) => ({ installation, namespace: 'team-a', name, serviceAccount: direct });
    const told = { address: ADDRESS, caCertificate: CA };
    FluxRemoteCluster.eks(this, 'Eks', { ...at('eks'), clusterArn: EKS });
    FluxRemoteCluster.eks(this, 'EksTold', { ...at('eks-told'), clusterArn: EKS, ...told });
    FluxRemoteCluster.aks(this, 'Aks', { ...at('aks'), clusterId: AKS });
    FluxRemoteCluster.aks(this, 'AksTold', { ...at('aks-told'), ...told });
    FluxRemoteCluster.gke(this, 'Gke', { ...at('gke'), clusterId: GKE });
    FluxRemoteCluster.gke(this, 'GkeTold', { ...at('gke-told'), ...told });
    FluxRemoteCluster.generic(this, 'Generic', { ...at('generic'), ...told });
    FluxRemoteCluster.generic(this, 'Audiences', { ...at('audiences'), address: ADDRESS, audiences: ['staging', 'https://staging.example.com'] });
    new TerraformOutput(this, 'issuer', { value: issuer.issuerUrl });
    new TerraformOutput(this, 'manifests', { value: new FluxManifests(this, 'Manifests', { installation }).yaml });
  }
}

const GKE_PROD = { projectId: 'acme-prod', location: 'europe-west1', clusterName: 'prod' };
const SOURCES: ReadonlyArray<readonly [string, (version: FluxVersion) => TerraformStack]> = [
  ['AKS', (version) => new Reach('aks', version, (scope) => ClusterIssuer.aks(scope, 'Cluster', { name: 'prod', resourceGroupName: 'flux' }))],
  ['EKS', (version) => new Reach('eks', version, (scope) => ClusterIssuer.eks(scope, 'Cluster', { clusterName: 'prod' }))],
  ['GKE', (version) => new Reach('gke', version, (scope) => ClusterIssuer.gke(scope, 'Cluster', GKE_PROD))],
  ['other', (version) => new Reach('other', version, (scope) => ClusterIssuer.oidc(scope, 'Cluster', { url: 'https://oidc.example.com/prod' }))],
];

/** Those that can be had as modules, and do remote clusters. */
const VERSIONS = [FluxVersion.V2_7, FluxVersion.V2_8, FluxVersion.V2_9] as const;

VERSIONS.forEach((version) => describeWith([TERRAFORM, FLUX_AUTHS[version]], `the authentication code of Flux ${version}`, () => {
  const isBefore = (other: FluxVersion) => VERSIONS.indexOf(version) < VERSIONS.indexOf(other as typeof version);
  const evaluations = new Map<string, Evaluation>();
  beforeAll(() => {
    for (const [name, make] of SOURCES) evaluations.set(name, evaluate(make(version)));
  });

  const objects = (name = 'other'): KubernetesObject[] => parseObjects(evaluations.get(name)!.outputs.manifests);
  const asks = (request: FluxRequest, of?: string) => fluxAuth({ objects: objects(of), namespace: 'team-a', serviceAccount: direct.name, ...request }, FLUX_AUTHS[version]);
  const resource = (of: string, type: string) => Object.entries<any>(evaluations.get(of)!.resources).find(([address]) => address.startsWith(`${type}.`))![1];

  describe.each(SOURCES.map(([name]) => name))('%s: what Flux sends is what is trusted', (source) => {
    it.each([direct, impersonating])('AWS, %s', ({ name, subject }) => {
      const { to, form, audiences: [audience], ...login } = loginOf(asks({ provider: 'aws', registry: ECR, serviceAccount: name }, source));
      const { issuer } = evaluations.get(source)!.outputs;
      const [role, provider] = [resource(source, 'aws_iam_role'), resource(source, 'aws_iam_openid_connect_provider')];
      const [{ Principal, Condition: { StringEquals: trusted } }] = JSON.parse(role.assume_role_policy).Statement;
      const claim = issuer.replace('https://', '');
      expect([to, form.RoleArn, login.subject, Principal.Federated, provider.url]).toEqual(['sts.eu-west-1.amazonaws.com', role.arn, subject, provider.arn, issuer]);
      expect(trusted).toEqual({ [`${claim}:aud`]: audience, [`${claim}:sub`]: [direct.subject, impersonating.subject] });
      expect(provider.client_id_list).toEqual([audience]);
    });

    it.each([direct, impersonating])('Azure, %s', ({ name, subject }) => {
      const { to, path, form, audiences, ...login } = loginOf(asks({ provider: 'azure', registry: ACR, serviceAccount: name }, source));
      const identity = resource(source, 'azurerm_user_assigned_identity');
      const credentials = Object.values(evaluations.get(source)!.resources)
        .filter(({ parent_id: parent, subject: trusted }) => parent === identity.id && trusted === login.subject);
      expect([to, path, form.client_id, login.subject]).toEqual(['login.microsoftonline.com', `/${identity.tenant_id}/oauth2/v2.0/token`, identity.client_id, subject]);
      expect(credentials).toEqual([expect.objectContaining({ issuer: evaluations.get(source)!.outputs.issuer, audience: audiences })]);
    });

    it.each([direct, impersonating])('Google Cloud, %s', ({ name, subject }) => {
      const answer = asks({ provider: 'gcp', registry: GAR, serviceAccount: name }, source);
      const { to, form, audiences: [audience], ...login } = loginOf(answer);
      const { oidc, ...provider } = resource(source, 'google_iam_workload_identity_pool_provider');
      expect([to, form.audience, login.subject, oidc.issuer_uri])
        .toEqual(['sts.googleapis.com', `//iam.googleapis.com/${provider.name}`, subject, evaluations.get(source)!.outputs.issuer]);
      // Left out, it is the provider's own name.
      expect(oidc.allowed_audiences ?? [`//iam.googleapis.com/${provider.name}`]).toContain(audience);
      expect(provider.attribute_condition).toContain(`'${subject}'`);
      const impersonation = `/v1/projects/-/serviceAccounts/${resource(source, 'google_service_account').email}:generateAccessToken`;
      expect(answer.calls.slice(2).map(({ path }) => path)).toEqual(name === direct.name ? [] : [impersonation]);
    });
  });

  describe('who is asked for what', () => {
    it.each<[string, FluxRequest, string[], string]>([
      ['ECR', { registry: ECR }, ['sts.eu-west-1.amazonaws.com', 'api.ecr.eu-west-1.amazonaws.com'], 'eu-west-1'],
      ['public ECR', { registry: 'public.ecr.aws/acme/apps' }, ['sts.us-east-1.amazonaws.com', 'api.ecr-public.us-east-1.amazonaws.com'], 'us-east-1'],
      ...(isBefore(FluxVersion.V2_9) ? [] : [
        ['CodeCommit', { git: 'https://git-codecommit.eu-central-1.amazonaws.com/v1/repos/fleet' }, ['sts.eu-central-1.amazonaws.com'], 'eu-central-1'] as any,
      ]),
      ['a bucket or a key', { region: 'eu-north-1' }, ['sts.eu-north-1.amazonaws.com'], 'eu-north-1'],
    ])('AWS, %s: the region of the resource, in the name of the session too', (_what, request, hosts, region) => {
      const answer = asks({ provider: 'aws', ...request });
      expect(answer.calls.map(({ to }) => to)).toEqual(['kubernetes', ...hosts]);
      expect(loginOf(answer).form.RoleSessionName).toBe(`direct.team-a.${region}.fluxcd.io`);
    });

    it('Azure DevOps: a token of it', () => {
      const answer = asks({ provider: 'azure', git: 'https://dev.azure.com/acme/fleet/_git/apps' });
      expect(loginOf(answer).form.scope).toContain('499b84ac-1321-427f-aa17-267ca6975798/.default');
    });

    it.each([
      [AzureCloud.US_GOVERNMENT, 'acme.azurecr.us', 'login.microsoftonline.us', 'login.microsoftonline.us'],
      [AzureCloud.CHINA, 'acme.azurecr.cn', 'login.chinacloudapi.cn', 'login.chinacloudapi.cn'],
      [AzureCloud.custom({
        authorityHost: 'https://login.core.private/',
        resourceManagerEndpoint: 'https://management.core.private/',
        tokenAudience: 'https://management.core.private/',
        containerRegistryDnsSuffix: 'azurecr.private',
      }), 'acme.azurecr.private', 'login.core.private', 'login.microsoftonline.com'], // asked whether the private host is one of Azure's
    ])('Azure: an account signs in where the environment of its controller says (%#)', (azureCloud, registry, host, vouching) => {
      const scope = stack();
      const issuer = ClusterIssuer.oidc(scope, 'Cluster', { url: 'https://oidc.example.com/prod' });
      const identities = [new FluxAzureEnvironment(scope, 'Environment', { azureCloud, serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)] })];
      const flux = { installation: fluxOf(scope, { issuer, version, identities }) };
      const pod = podOf({
        kind: ClusterKind.OTHER,
        kustomization: resolved(scope, new FluxKustomization(scope, 'Flux', flux).yaml),
        manifests: resolved(scope, new FluxManifests(scope, 'Manifests', flux).yaml),
      }, 'source-controller');
      const answer = asks({ provider: 'azure', registry: `${registry}/apps`, ...pod });
      expect(loginOf(answer).to).toBe(host);
      expect([...new Set(answer.calls.map(({ to }) => to))]).toEqual([...new Set(['kubernetes', vouching, host, registry])]);
      // Clusters of other clouds are looked up in the public one, whatever the environment says.
      expect(asks({ kubeConfig: 'aks', ...pod }).calls.pop()!.to).toBe('management.azure.com');
      expect(asks({ kubeConfig: 'aks-told', ...pod })).toEqual(expect.objectContaining({ host: ADDRESS, ca: CA }));
    });

    it('Azure: a registry is asked with a token of its own from Flux 2.8 on, in a private cloud with one of Azure Resource Manager', () => {
      const scopeOf = (request: FluxRequest) => loginOf(asks({ provider: 'azure', ...request })).form.scope;
      expect(scopeOf({ registry: ACR })).toContain(isBefore(FluxVersion.V2_8) ? 'https://management.azure.com' : 'https://containerregistry.azure.net/.default');
    });

    it('Azure: registries of a private cloud are known by its environment file alone', () => {
      expect(asks({ provider: 'azure', registry: 'acme.azurecr.private/apps' }).error).toContain('invalid Azure registry');
    });

    it('Google Cloud, the pool that is built into GKE: what the metadata server of GKE says', () => {
      const scope = stack();
      const issuer = ClusterIssuer.gke(scope, 'Cluster', GKE_PROD);
      const pool = FluxGcpWorkloadPool.gke(scope, 'Pool', { issuer, projectId: 'acme-prod' });
      const identities = [new FluxGcpPrincipal(scope, 'Principal', { pool, serviceAccounts: [direct] })];
      const rendered = parseObjects(resolved(scope, new FluxManifests(scope, 'Manifests', { installation: fluxOf(scope, { issuer, version, identities }) }).yaml));
      const { form, audiences } = loginOf(asks({ objects: rendered, provider: 'gcp', registry: GAR, gke: GKE_METADATA }));
      expect([audiences, form.audience]).toEqual([['acme-prod.svc.id.goog'], `identitynamespace:acme-prod.svc.id.goog:${issuer.issuerUrl}`]);
    });
  });

  describe('remote clusters', () => {
    it.each<[string, string, string[], string, string]>([
      ['eks', 'https://remote.eks', ['eks.eu-central-1.amazonaws.com/clusters/staging'], REMOTE_CA, 'sts.amazonaws.com'],
      ['eks-told', ADDRESS, [], CA, 'sts.amazonaws.com'],
      ['aks', 'https://remote.aks:443', [`management.azure.com${AKS}`, `management.azure.com${AKS}/listClusterUserCredential`], REMOTE_CA, 'api://AzureADTokenExchange'],
      ['aks-told', ADDRESS, [], CA, 'api://AzureADTokenExchange'],
      ['gke', 'remote.gke', [`container.googleapis.com/v1/${GKE}`], REMOTE_CA, '//iam.googleapis.com/'],
      ['gke-told', ADDRESS, [], CA, '//iam.googleapis.com/'],
      ['generic', ADDRESS, [], CA, ADDRESS],
    ])('%s', (kubeConfig, host, described, ca, audience) => {
      const { calls: [{ path, audiences }, ...calls], ...answer } = asks({ kubeConfig });
      expect(answer).toEqual({ host, ca });
      expect([path, audiences]).toEqual(['/api/v1/namespaces/team-a/serviceaccounts/direct/token', [expect.stringContaining(audience)]]);
      expect(calls.filter(({ to }) => /^(eks|management|container)\./.test(to)).map(({ to, path: at }) => `${to}${at}`)).toEqual(described);
    });

    it.each<[string, string, FluxVersion]>([['eks', 'eks-other', FluxVersion.V2_8], ['gke', 'gke-other', FluxVersion.V2_8]])(
      'an address of %s that its cloud does not name, without a certificate', (cloud, kubeConfig, since) => {
        const data = parseObjects(evaluations.get('other')!.outputs.manifests).find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === cloud)!.data;
        const object = { kind: 'ConfigMap', metadata: { name: kubeConfig, namespace: 'team-a' }, data: { ...data, address: ADDRESS } };
        const { error, host } = asks({ objects: [...objects(), object], kubeConfig });
        if (isBefore(since)) expect(error).toContain('does not match');
        else expect([error, host]).toEqual([undefined, ADDRESS]);
        const scope = stack();
        const remote = { namespace: 'team-a', name: kubeConfig, serviceAccount: direct, address: ADDRESS.replace('10.1.2.3', 'api.example.com') };
        const installation = fluxOf(scope, { issuer: ClusterIssuer.oidc(scope, 'Cluster', { url: 'https://oidc.example.com/prod' }), version });
        const make = () => cloud === 'eks' ? FluxRemoteCluster.eks(scope, 'R', { ...remote, installation, clusterArn: EKS })
          : FluxRemoteCluster.gke(scope, 'R', { ...remote, installation, clusterId: GKE });
        if (isBefore(since)) expect(make).toThrow('or upgrade to Flux 2.8');
        else make();
      });

    it('generic, with audiences of its own', () => {
      expect(asks({ kubeConfig: 'audiences' }).calls.map(({ audiences }) => audiences)).toEqual([['staging', 'https://staging.example.com']]);
    });
  });

  describe('what Flux refuses, the library refuses', () => {
    type Build = (scope: TerraformStack, value: string) => unknown;
    const remote = { namespace: 'team-a', name: 'remote', serviceAccount: direct };
    const issuerOf = (scope: TerraformStack) => ClusterIssuer.oidc(scope, 'Cluster', { url: 'https://oidc.example.com/prod' });
    const at = (scope: TerraformStack) => ({ ...remote, installation: fluxOf(scope, { issuer: issuerOf(scope), version }) });
    const account = (annotation: string, value: string) => ({
      objects: [{ kind: 'ServiceAccount', metadata: { name: direct.name, namespace: 'team-a', annotations: { [annotation]: value } } }],
    });
    const configMap = (data: object) => ({
      objects: [...objects(), { kind: 'ConfigMap', metadata: { name: 'remote', namespace: 'team-a' }, data: { serviceAccountName: direct.name, ...data } }], kubeConfig: 'remote',
    });
    const PARTS: { readonly [part: string]: { readonly build: Build; readonly request: (value: string) => FluxRequest; readonly error: string } } = {
      role: {
        build: (scope, roleArn) => {
          const arn = `arn:${/^arn:([a-z-]+):/.exec(roleArn)?.[1] ?? 'aws'}:iam::111122223333:oidc-provider/oidc.example.com/prod`;
          const oidcProviders = [FluxOidcProvider.fromOidcProviderArn(scope, 'Oidc', { issuer: issuerOf(scope), arn })];
          return FluxIrsaRole.fromRoleArn(scope, 'Role', { roleArn, oidcProviders, serviceAccounts: [direct] });
        },
        request: (value) => ({ provider: 'aws', registry: ECR, ...account('eks.amazonaws.com/role-arn', value) }),
        error: 'invalid eks.amazonaws.com/role-arn annotation',
      },
      email: {
        build: (scope, email) => FluxGcpServiceAccount.fromEmail(scope, 'Account', {
          email, pool: new FluxGcpWorkloadPool(scope, 'Pool', { issuer: issuerOf(scope), poolId: 'prod' }), serviceAccounts: [direct],
        }),
        request: (value) => ({ provider: 'gcp', registry: GAR, gke: GKE_METADATA, ...account('iam.gke.io/gcp-service-account', value) }),
        error: 'invalid iam.gke.io/gcp-service-account annotation',
      },
      eks: {
        build: (scope, clusterArn) => FluxRemoteCluster.eks(scope, 'Remote', { ...at(scope), clusterArn }),
        request: (cluster) => configMap({ provider: 'aws', cluster }),
        error: 'invalid EKS cluster',
      },
      aks: {
        build: (scope, clusterId) => FluxRemoteCluster.aks(scope, 'Remote', { ...at(scope), clusterId }),
        request: (cluster) => configMap({ provider: 'azure', cluster }),
        error: 'invalid AKS cluster',
      },
      gke: {
        build: (scope, clusterId) => FluxRemoteCluster.gke(scope, 'Remote', { ...at(scope), clusterId }),
        request: (cluster) => configMap({ provider: 'gcp', cluster }),
        error: 'invalid GKE cluster',
      },
      address: {
        build: (scope, address) => FluxRemoteCluster.generic(scope, 'Remote', { ...at(scope), address }),
        request: (address) => configMap({ provider: 'generic', address }),
        error: 'must use https scheme',
      },
    };

    it.each<[string, string, boolean]>([
      ['role', 'arn:aws:iam::111122223333:role/flux/images', true],
      ['role', 'arn:aws-us-gov:iam::111122223333:role/images', true],
      ['role', 'arn:aws:iam::111122223333:user/images', false],
      ['role', `arn:aws:iam::111122223333:role/${'x'.repeat(201)}`, false],
      ['email', 'flux-sops@acme-prod.iam.gserviceaccount.com', true],
      ['email', 'flux-sops@acme-prod.example.com.iam.gserviceaccount.com', false],
      ['email', '123456789012-compute@developer.gserviceaccount.com', false],
      ['eks', 'arn:aws-cn:eks:cn-north-1:111122223333:cluster/staging', true],
      ['eks', 'staging', false],
      ['aks', AKS.toLowerCase(), true],
      ['aks', AKS.replace('managedClusters', 'clusters'), false],
      ['gke', GKE, true],
      ['gke', GKE.replace('locations', 'zones'), false],
      ['gke', `//container.googleapis.com/${GKE}`, false],
      ['address', 'https://staging.example.com:6443', true],
      ['address', 'http://staging.example.com', false],
    ])('%s %s: %s', (part, value, accepted) => {
      const { build, request, error } = PARTS[part];
      const answer = asks(request(value));
      expect(answer.error).toEqual(accepted ? undefined : expect.stringContaining(error));
      if (accepted) build(stack(), value);
      else expect(() => build(stack(), value)).toThrow(/Fix: /);
    });

    it('Azure without a tenant, a bucket on AWS without a region', () => {
      expect(asks({ provider: 'azure', registry: ACR, ...account('azure.workload.identity/client-id', 'x') }).error).toContain('azure.workload.identity/tenant-id');
      expect(asks({ provider: 'aws' }).error).toContain('an AWS region is required');
    });
  });

  describe('the gate and the default account', () => {
    it('without the gate every account is refused', () => {
      for (const [provider, registry] of [['aws', ECR], ['azure', ACR], ['gcp', GAR]]) {
        expect(asks({ gate: false, provider, registry })).toEqual({ calls: [], error: expect.stringContaining('ObjectLevelWorkloadIdentity feature gate is not enabled') });
      }
    });

    it('with a default account, objects that name none act as it, and HelmRepositories as their controller', () => {
      const environment = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };
      const request: FluxRequest = { provider: 'aws', registry: ECR, serviceAccount: '', defaultServiceAccount: direct.name, environment };
      expect(loginOf(asks(request)).subject).toBe(direct.subject);
      expect(asks({ ...request, defaultServiceAccount: 'default' }).error).toContain('the specified default service account does not exist');
      // For them source-controller says no namespace.
      expect(asks({ ...request, namespace: '' }).calls.map(({ to }) => to)).toEqual(['api.ecr.eu-west-1.amazonaws.com']);
    });
  });
}));
