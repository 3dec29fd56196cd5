import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { roleOf } from './aws';
import { EKS_ISSUER } from './computed';
import { allowed, Call, canAssumeWithWebIdentity } from './iam';
import { controllersOf, VERSIONS } from './installation';
import { changesOf, installedObjects, kustomizeBuild, kustomizeBuildSharded, managerOf, objectOf, parseObjects } from './kustomize';
import { describeWith, FLUX_MANIFESTS, KUSTOMIZE, TERRAFORM } from './programs';
import { evaluate, Evaluation } from './terraform';
import { EksToAws } from '../../examples/eks-to-aws/stack';
import { OtherToAws } from '../../examples/other-to-aws/stack';
import { FluxIrsaRole } from '../../lib/aws/flux-irsa-role';
import { FluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { kustomizationOf } from '../support';

const KIND_ISSUER = 'https://oidc.example.com/clusters/kind';
/** What Flux takes for a role's ARN in the annotation. */
const ROLE_ARN = /^arn:aws[\w-]*:iam::[0-9]{1,30}:role\/.{1,200}$/;
const CONTROLLERS = Object.values(FluxController);

/** What the examples are about, by name. */
const ACCESS: { readonly [what: string]: readonly Call[] } = {
  'pull apps/*': ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:ListImages']
    .map((action) => ({ action, resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/web' })),
  'pull team-a/*': ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:ListImages']
    .map((action) => ({ action, resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/team-a/web' })),
  'ECR token': [{ action: 'ecr:GetAuthorizationToken', resource: '*' }],
  'public ECR': [
    { action: 'ecr-public:GetAuthorizationToken', resource: '*' },
    { action: 'sts:GetServiceBearerToken', resource: '*', context: { 'sts:AWSServiceName': 'ecr-public.amazonaws.com' } },
  ],
  'manifests': [
    { action: 's3:ListBucket', resource: 'arn:aws:s3:::flux-manifests' },
    { action: 's3:GetObject', resource: 'arn:aws:s3:::flux-manifests/clusters/prod/apps.yaml' },
    { action: 's3:GetObject', resource: 'arn:aws:s3:::flux-manifests/.sourceignore' },
  ],
  'other manifests': [{ action: 's3:GetObject', resource: 'arn:aws:s3:::flux-manifests/clusters/dev/apps.yaml' }],
  'SOPS key': [{ action: 'kms:Decrypt', resource: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab' }],
  'fleet repository': ['codecommit:GitPull', 'codecommit:GitPush'].map((action) => ({ action, resource: 'arn:aws:codecommit:eu-west-1:111122223333:fleet' })),
};

/** The names of the accesses that a role has in full; an error if it has one in part. */
function accessOf(evaluation: Evaluation, role: string): string[] {
  const { policies } = roleOf(evaluation, role);
  return Object.keys(ACCESS).filter((what) => {
    const yes = ACCESS[what].filter((call) => allowed(policies, call));
    if (yes.length > 0 && yes.length < ACCESS[what].length) throw new Error(`${role} may do only part of "${what}"`);
    return yes.length > 0;
  });
}

/** Which of some subjects may be the role. */
function subjectsOf(evaluation: Evaluation, role: string, issuer: string): string[] {
  const { trust } = roleOf(evaluation, role);
  const provider = `arn:aws:iam::111122223333:oidc-provider/${issuer.replace('https://', '')}`;
  const subjects = [...CONTROLLERS.map((controller) => `flux-system:${controller}`), 'team-a:flux', 'team-b:flux', 'default:source-controller'];
  return subjects.filter((subject) => canAssumeWithWebIdentity(trust, { issuer, provider, aud: 'sts.amazonaws.com', sub: `system:serviceaccount:${subject}` }));
}

/** What a role's annotation and stamp change in a build. */
function annotated(controller: FluxController, arn: string): { [path: string]: unknown } {
  return {
    [`ServiceAccount ${controller} metadata annotations`]: { 'eks.amazonaws.com/role-arn': arn },
    [`Deployment ${controller} spec template metadata annotations cdktf-flux-identity/aws`]: arn,
  };
}

/** What environment, token and stamp change in a build. */
function environment(controller: FluxController, arn: string): { [path: string]: unknown } {
  const spec = `Deployment ${controller} spec template spec`;
  const env = {
    AWS_REGION: 'eu-west-1',
    AWS_ROLE_ARN: arn,
    AWS_ROLE_SESSION_NAME: `${controller}.flux-system.eu-west-1.fluxcd.io`,
    AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/service-account/aws-token',
  };
  const source = { serviceAccountToken: { audience: 'sts.amazonaws.com', expirationSeconds: 3600, path: 'aws-token' } };
  return {
    ...Object.fromEntries(Object.entries(env).map(([name, value]) => [`${spec} containers manager env ${name}`, { name, value }])),
    [`${spec} containers manager volumeMounts /var/run/service-account`]: { name: 'flux-identity-tokens', mountPath: '/var/run/service-account', readOnly: true },
    [`${spec} volumes flux-identity-tokens`]: { name: 'flux-identity-tokens', projected: { sources: [source] } },
    [`Deployment ${controller} spec template metadata annotations cdktf-flux-identity/aws`]: arn,
  };
}

describeWith([TERRAFORM, KUSTOMIZE], 'stack flux-aws-eks', () => {
  let evaluation: Evaluation;
  beforeAll(() => {
    evaluation = evaluate(new EksToAws(Testing.app(), 'flux-aws-eks'));
  });

  it('gives each role to its service accounts and to nobody else', () => {
    expect(subjectsOf(evaluation, 'Images', EKS_ISSUER)).toEqual(['flux-system:source-controller', 'flux-system:image-reflector-controller']);
    expect(subjectsOf(evaluation, 'Sops', EKS_ISSUER)).toEqual(['flux-system:kustomize-controller']);
    expect(subjectsOf(evaluation, 'Automation', EKS_ISSUER)).toEqual(['flux-system:image-automation-controller']);
    expect(subjectsOf(evaluation, 'TeamA', EKS_ISSUER)).toEqual(['team-a:flux']);
    expect(subjectsOf(evaluation, 'Images', KIND_ISSUER)).toEqual([]);
  });

  it('gives each role its access and nothing else', () => {
    expect(accessOf(evaluation, 'Images')).toEqual(['pull apps/*', 'ECR token', 'public ECR', 'manifests']);
    expect(accessOf(evaluation, 'Sops')).toEqual(['SOPS key']);
    expect(accessOf(evaluation, 'Automation')).toEqual(['fleet repository']);
    expect(accessOf(evaluation, 'TeamA')).toEqual(['pull team-a/*', 'ECR token']);
  });

  it('annotates and stamps exactly its four controllers', () => {
    const built = kustomizeBuild(evaluation.outputs.kustomization, FluxVersion.V2_10);
    const arn = (role: string) => roleOf(evaluation, role).arn;
    expect(changesOf(installedObjects(FluxVersion.V2_10), built)).toEqual({
      ...annotated(FluxController.SOURCE, arn('Images')),
      ...annotated(FluxController.IMAGE_REFLECTOR, arn('Images')),
      ...annotated(FluxController.KUSTOMIZE, arn('Sops')),
      ...annotated(FluxController.IMAGE_AUTOMATION, arn('Automation')),
    });
    expect(arn('Images')).toMatch(ROLE_ARN);
  });

  it('reaches shards of a controller, which run as its service account', () => {
    const built = kustomizeBuildSharded(evaluation.outputs.kustomization, FluxVersion.V2_10);
    const { metadata, spec } = objectOf(built, 'Deployment', 'source-controller-shard1').spec.template;
    expect(spec.serviceAccountName).toBe('source-controller');
    expect(metadata.annotations['cdktf-flux-identity/aws']).toBe(roleOf(evaluation, 'Images').arn);
    expect(objectOf(built, 'Deployment', 'source-controller').spec.template.metadata.annotations).toEqual(metadata.annotations);
  });

  it('renders the object-level account, and the right to ask for its tokens and no others', () => {
    const objects = parseObjects(evaluation.outputs.manifests);
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)).toEqual([
      'ServiceAccount team-a/flux', 'Role team-a/flux-token-request-flux', 'RoleBinding team-a/flux-token-request-flux',
    ]);
    const [account, role, binding] = objects;
    expect(account.metadata.annotations).toEqual({ 'eks.amazonaws.com/role-arn': roleOf(evaluation, 'TeamA').arn });
    expect(role.rules).toEqual([{ apiGroups: [''], resources: ['serviceaccounts/token'], resourceNames: ['flux'], verbs: ['create'] }]);
    expect(binding.roleRef).toEqual({ apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role.metadata.name });
    const accounts = installedObjects(FluxVersion.V2_10).filter(({ kind }) => kind === 'ServiceAccount').map(({ metadata }) => metadata.name);
    expect(binding.subjects.map(({ name }: any) => name).sort()).toEqual(accounts.filter((name) => name !== 'source-watcher').sort());
  });
});

describeWith([TERRAFORM, KUSTOMIZE], 'stack flux-aws-other', () => {
  let evaluation: Evaluation;
  beforeAll(() => {
    evaluation = evaluate(new OtherToAws(Testing.app(), 'flux-aws-other'));
  });

  it('gives its role to the source-controller of that cluster and to nobody else', () => {
    expect(subjectsOf(evaluation, 'Images', KIND_ISSUER)).toEqual(['flux-system:source-controller']);
    expect(subjectsOf(evaluation, 'Images', EKS_ISSUER)).toEqual([]);
    expect(accessOf(evaluation, 'Images')).toEqual(['pull apps/*', 'ECR token', 'public ECR', 'manifests']);
  });

  it('gives the source-controller environment, token and stamp, and touches nothing else', () => {
    const built = kustomizeBuild(evaluation.outputs.kustomization, FluxVersion.V2_10);
    expect(changesOf(installedObjects(FluxVersion.V2_10), built)).toEqual(environment(FluxController.SOURCE, roleOf(evaluation, 'Images').arn));
  });

  it('gives a shard the same', () => {
    const built = kustomizeBuildSharded(evaluation.outputs.kustomization, FluxVersion.V2_10);
    const { env, volumeMounts } = managerOf(built, 'source-controller');
    expect(managerOf(built, 'source-controller-shard1')).toMatchObject({ env, volumeMounts });
  });
});

/** A role for all controllers and one object-level role, on EKS and elsewhere, in each version of Flux. */
class EveryController extends TerraformStack {
  public constructor() {
    super(Testing.app(), 'every-controller');
    new AwsProvider(this, 'Aws', { region: 'eu-west-1' });
    const clusters = {
      eks: ClusterIssuer.eks(this, 'Eks', { clusterName: 'prod', issuerUrl: EKS_ISSUER }),
      other: ClusterIssuer.oidc(this, 'Other', { url: KIND_ISSUER }),
    };
    for (const [name, issuer] of Object.entries(clusters)) {
      const oidcProviders = [new FluxOidcProvider(this, `${name}-oidc`, { issuer })];
      const rendered: { [of: string]: string } = {};
      const team = new FluxIrsaRole(this, `${name}-team`, { oidcProviders, serviceAccounts: [FluxServiceAccount.of('team-a', 'flux')] });
      for (const version of VERSIONS) {
        const all = new FluxIrsaRole(this, `${name}-all-${version}`, {
          oidcProviders,
          name: `all-${name}-${version}`,
          region: 'eu-west-1',
          serviceAccounts: controllersOf(version).map((controller) => FluxServiceAccount.controller(controller)),
        });
        Object.entries({ controllers: [all], objects: [team], both: [team, all] }).forEach(([what, identities]) => {
          rendered[`${what} of ${version}`] = kustomizationOf(this, { issuer, version, identities });
        });
      }
      new TerraformOutput(this, name, { value: rendered, staticId: true });
    }
  }
}

describeWith([TERRAFORM, KUSTOMIZE, FLUX_MANIFESTS], 'every controller', () => {
  const GATE = '--feature-gates=ObjectLevelWorkloadIdentity=true';
  const KNOW_GATE = ['source-controller', 'kustomize-controller', 'notification-controller', 'image-reflector-controller', 'image-automation-controller'];
  const GATED: { readonly [version in FluxVersion]: readonly string[] } = {
    [FluxVersion.V2_6]: KNOW_GATE,
    [FluxVersion.V2_7]: [...KNOW_GATE, 'helm-controller'],
    [FluxVersion.V2_8]: [...KNOW_GATE, 'helm-controller'],
    [FluxVersion.V2_9]: [...KNOW_GATE, 'helm-controller'],
    [FluxVersion.V2_10]: [],
  };
  const allArn = (name: string, version: FluxVersion) => `arn:aws:iam::111122223333:role/all-${name}-${version}`;
  let evaluation: Evaluation;
  beforeAll(() => { evaluation = evaluate(new EveryController()); });

  /** The gate at the end of the arguments, where it belongs. */
  function gates(version: FluxVersion): { [path: string]: unknown } {
    const installed = installedObjects(version);
    return Object.fromEntries(GATED[version].map((controller) =>
      [`Deployment ${controller} spec template spec containers manager args`, [...managerOf(installed, controller).args, GATE]]));
  }

  function changes(version: FluxVersion, name: string, what: string): { [path: string]: unknown } {
    return changesOf(installedObjects(version), kustomizeBuild(evaluation.outputs[name][`${what} of ${version}`], version));
  }

  const everyone = (version: FluxVersion, name: string) =>
    Object.assign({}, ...controllersOf(version).map((controller) => (name === 'eks' ? annotated : environment)(controller, allArn(name, version))));

  describe.each(VERSIONS)('of Flux %s', (version) => {
    it.each(['eks', 'other'])('is patched at controller level, without the gate (%s)', (name) => {
      expect(changes(version, name, 'controllers')).toEqual(everyone(version, name));
    });

    it.each(['eks', 'other'])('that has object level gets the gate once, where there is one (%s)', (name) => {
      expect(changes(version, name, 'objects')).toEqual(gates(version));
      expect(changes(version, name, 'both')).toEqual({ ...gates(version), ...everyone(version, name) });
    });
  });
});
