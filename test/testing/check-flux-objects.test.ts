import { TerraformStack, Testing } from 'cdktf';
import { stringify } from 'yaml';
import { FluxIamUser } from '../../lib/aws/flux-iam-user';
import { FluxIrsaRole } from '../../lib/aws/flux-irsa-role';
import { FluxNodeRole } from '../../lib/aws/flux-node-role';
import { FluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { CodeCommitPermissions } from '../../lib/aws/permissions/code-commit';
import { EcrPermissions } from '../../lib/aws/permissions/ecr';
import { KmsPermissions } from '../../lib/aws/permissions/kms';
import { S3Permissions } from '../../lib/aws/permissions/s3';
import { FluxAzureFederatedIdentity } from '../../lib/azure/flux-azure-federated-identity';
import { EventHubsPermissions } from '../../lib/azure/permissions/event-hubs';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxSecret } from '../../lib/core/flux-secret';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstallation, FluxInstallationProps } from '../../lib/flux/flux-installation';
import { FluxLockdown } from '../../lib/flux/flux-lockdown';
import { FluxRemoteCluster } from '../../lib/flux/flux-remote-cluster';
import { checkFluxObjects } from '../../lib/testing';

const { SOURCE, KUSTOMIZE } = FluxController;
const ECR = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** EKS: source-controller pulls `apps`, team-a's account `flux` pulls `team-a` and reads a bucket, its account `sops` decrypts. */
function setUp(props: Partial<FluxInstallationProps> = {}) {
  const stack = new TerraformStack(Testing.app(), 'stack');
  const issuer = ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod' });
  const oidcProviders = [new FluxOidcProvider(stack, 'Oidc', { issuer })];
  const role = (id: string, ...serviceAccounts: FluxServiceAccount[]) => new FluxIrsaRole(stack, id, { oidcProviders, serviceAccounts });
  const flux = new FluxInstallation(stack, 'Flux', { issuer, version: FluxVersion.V2_9, ...props });
  const images = role('Images', FluxServiceAccount.controller(SOURCE));
  images.grant('Apps', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps/*'));
  const team = role('Team', FluxServiceAccount.of('team-a', 'flux'));
  team.grant('Own', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/team-a/*'));
  team.grant('Bucket', S3Permissions.read('arn:aws:s3:::team-a'));
  const sops = role('Sops', FluxServiceAccount.of('team-a', 'sops'));
  sops.grant('Key', KmsPermissions.decrypt(KEY));
  [images, team, sops].forEach((identity) => flux.addIdentity(identity));
  return { stack, issuer, oidcProviders, role, flux };
}

function object(kind: string, spec: object, { group = 'source.toolkit.fluxcd.io/v1', namespace = 'team-a', name = 'apps' } = {}): string {
  return stringify({ apiVersion: group, kind, metadata: { name, namespace }, spec });
}

const KUSTOMIZE_GROUP = { group: 'kustomize.toolkit.fluxcd.io/v1' };
const oci = (spec: object, where?: object) => object('OCIRepository', { url: `oci://${ECR}/team-a/web`, interval: '5m', ...spec }, where);
const decrypting = (fields: object) => object('Kustomization', { decryption: { provider: 'sops', ...fields }, prune: true }, KUSTOMIZE_GROUP);

describe('who an object acts as', () => {
  it.each<[string, string, string | undefined, string | undefined]>([
    ['its account', oci({ provider: 'aws', serviceAccountName: 'flux' }), 'team-a/flux', 'stack/Team'],
    ['its controller', oci({ provider: 'aws', url: `oci://${ECR}/apps/web` }), 'flux-system/source-controller', 'stack/Images'],
    ['its controller, with a digest and a namespace that is Flux\'s',
      oci({ provider: 'aws', url: `oci://${ECR}/apps/web` }, { namespace: 'flux-system' }), 'flux-system/source-controller', 'stack/Images'],
    ['its account, for a bucket',
      object('Bucket', { provider: 'aws', bucketName: 'team-a', endpoint: 's3.amazonaws.com', region: 'eu-west-1', serviceAccountName: 'flux' }), 'team-a/flux', 'stack/Team'],
    ['its account, to decrypt', decrypting({ serviceAccountName: 'sops' }), 'team-a/sops', 'stack/Sops'],
    ['nobody, for a public registry', oci({ url: 'oci://ghcr.io/stefanprodan/podinfo' }), undefined, undefined],
    ['nobody, by a Secret', oci({ secretRef: { name: 'pull' } }), undefined, undefined],
    ['nobody, for a Git host', object('GitRepository', { url: 'https://github.com/acme/fleet', provider: 'github' }), undefined, undefined],
    ['nobody, by a key of its own', decrypting({ secretRef: { name: 'age' } }), undefined, undefined],
    ['nobody, when it does not decrypt', object('Kustomization', { prune: true }, KUSTOMIZE_GROUP), undefined, undefined],
  ])('%s', (_, yaml, account, identity) => {
    const { objects, problems } = checkFluxObjects(setUp().flux, yaml);
    expect(problems).toEqual([]);
    expect(objects).toHaveLength(1);
    expect([objects[0].account, objects[0].identity]).toEqual([account, identity]);
  });

  it('is the default account under a lockdown toward clouds', () => {
    const { flux } = setUp({ lockdown: FluxLockdown.workloadIdentity({ defaultServiceAccount: 'flux', defaultDecryptionServiceAccount: 'sops' }) });
    const { objects, problems } = checkFluxObjects(flux, [oci({ provider: 'aws' }), decrypting({})]);
    expect(problems).toEqual([]);
    expect(objects.map(({ object: name, account, identity }) => [name, account, identity])).toEqual([
      ['OCIRepository team-a/apps', 'team-a/flux', 'stack/Team'], ['Kustomization team-a/apps', 'team-a/sops', 'stack/Sops'],
    ]);
  });

  it('is the node where nobody else is', () => {
    const { stack, issuer } = setUp();
    const flux = new FluxInstallation(stack, 'Other', { issuer, version: FluxVersion.V2_9, namespace: 'other' });
    const nodes = FluxNodeRole.fromRoleArn(stack, 'Nodes', { roleArn: 'arn:aws:iam::111122223333:role/nodes' });
    flux.addIdentity(nodes);
    expect(checkFluxObjects(flux, oci({ provider: 'aws' })).objects[0].identity).toBe('stack/Nodes');
  });

  it('of an automation is what its repository says, in its own namespace', () => {
    const { role: other, flux: own } = setUp();
    const git = other('Git', FluxServiceAccount.of('team-b', 'git'));
    git.grant('Fleet', CodeCommitPermissions.pullAndPush('arn:aws:codecommit:eu-west-1:111122223333:fleet'));
    own.addIdentity(git);
    const where = { namespace: 'team-b' };
    const repository = object('GitRepository', { provider: 'aws', url: 'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/fleet', serviceAccountName: 'git' }, where);
    const automation = object('ImageUpdateAutomation', { sourceRef: { kind: 'GitRepository', name: 'apps' } }, { ...where, group: 'image.toolkit.fluxcd.io/v1' });
    expect(checkFluxObjects(own, [automation, repository])).toEqual({
      problems: [],
      objects: ['ImageUpdateAutomation', 'GitRepository'].map((kind) => ({ object: `${kind} team-b/apps`, account: 'team-b/git', identity: 'stack/Git' })),
    });
    expect(checkFluxObjects(own, automation).objects).toEqual([{ object: 'ImageUpdateAutomation team-b/apps' }]);
  });

  it('is an identity by a Secret of the library\'s', () => {
    const { stack, flux } = setUp();
    const user = new FluxIamUser(stack, 'User', { name: 'flux-legacy', accessKeys: ['First'], secrets: [FluxSecret.bucket('team-a', 'keys')] });
    user.grant('Bucket', S3Permissions.read('arn:aws:s3:::legacy'));
    flux.addIdentity(user);
    const bucket = (spec: object) => object('Bucket', { provider: 'aws', bucketName: 'legacy', secretRef: { name: 'keys' }, ...spec });
    expect(checkFluxObjects(flux, bucket({})).objects).toEqual([{ object: 'Bucket team-a/apps', identity: 'stack/User' }]);
    expect(checkFluxObjects(flux, bucket({ serviceAccountName: 'flux' })).problems).toEqual([
      'Bucket team-a/apps: it names Secret "keys" and account "flux": Flux refuses both together',
    ]);
  });

  it('is looked for in the cloud that a Provider is of', () => {
    const { stack, issuer, flux } = setUp();
    const hub = new FluxAzureFederatedIdentity(stack, 'Hub', {
      issuers: [issuer], name: 'hub', resourceGroupName: 'g', location: 'westeurope', serviceAccounts: [FluxServiceAccount.of('team-a', 'flux')],
    });
    hub.grant('Send', EventHubsPermissions.send('/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.EventHub/namespaces/acme-events/eventhubs/flux'));
    flux.addIdentity(hub);
    const provider = (spec: object) => object('Provider', { address: 'https://n.servicebus.windows.net/flux', ...spec }, { group: 'notification.toolkit.fluxcd.io/v1beta3' });
    const check = (spec: object) => checkFluxObjects(flux, provider(spec));
    expect(check({ type: 'azureeventhub', serviceAccountName: 'flux' }).objects[0]).toEqual({ object: 'Provider team-a/apps', account: 'team-a/flux', identity: 'stack/Hub' });
    expect(check({ type: 'azureeventhub' }).problems[0]).toContain('it names no account and acts as "flux-system/notification-controller", which no identity of cloud "azure" is for; set `serviceAccountName`');
    expect(check({ type: 'azureeventhub', secretRef: { name: 'sas' } }).objects[0]).toEqual({ object: 'Provider team-a/apps' });
    expect(check({ type: 'slack', channel: 'x' }).objects[0]).toEqual({ object: 'Provider team-a/apps' });
  });
});

describe('a problem is', () => {
  it.each<[string, string, string]>([
    ['a forgotten provider', oci({ serviceAccountName: 'flux' }),
      `OCIRepository team-a/apps: it names no cloud, and asks Amazon ECR (${ECR}) without credentials: set \`provider: aws\``],
    ['a generic one', oci({ provider: 'generic' }), 'set `provider: aws`'],
    ['a forgotten provider of a bucket', object('Bucket', { bucketName: 'team-a', endpoint: 's3.amazonaws.com' }), 'asks Amazon S3 (s3.amazonaws.com) without credentials'],
    ['a forgotten provider of an image', object('ImageRepository', { image: `${ECR}/team-a/web` }, { group: 'image.toolkit.fluxcd.io/v1' }), 'set `provider: aws`'],
    ['an account that no identity is for', oci({ provider: 'aws', serviceAccountName: 'flx' }),
      'it acts as "team-a/flx", which no identity of cloud "aws" is for; set `serviceAccountName`, in its namespace there is "flux", "sops"'],
    ['another cloud', oci({ provider: 'gcp', serviceAccountName: 'flux' }), 'it acts as "team-a/flux", which no identity of cloud "gcp" is for'],
    ['a controller that is nobody', decrypting({}),
      'it names no account and acts as "flux-system/kustomize-controller", which no identity is for; set `decryption.serviceAccountName`'],
    ['an identity of other things', oci({ provider: 'aws', serviceAccountName: 'sops' }), 'identity "stack/Sops" is granted nothing that objects of kind OCIRepository use'],
    ['a repository that is not granted', oci({ provider: 'aws', serviceAccountName: 'flux', url: `oci://${ECR}/apps/web` }),
      'identity "stack/Team" may not pull from arn:aws:ecr:eu-west-1:111122223333:repository/apps/web'],
    ['a bucket without its region', object('Bucket', { provider: 'aws', bucketName: 'team-a', endpoint: 's3.amazonaws.com', serviceAccountName: 'flux' }),
      'no region for a Bucket on AWS at object level. Allowed: the option `region`'],
    ['a Secret beside the cloud', oci({ provider: 'aws', serviceAccountName: 'flux', secretRef: { name: 'pull' } }), 'it names Secret "pull" beside its provider'],
    ['a chart repository that is none of containers', object('HelmRepository', { provider: 'aws', url: `https://${ECR}/charts` }), '`provider` has no effect without `type: oci`'],
    ['no namespace', stringify({ apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'OCIRepository', metadata: { name: 'apps' }, spec: { provider: 'aws' } }),
      'OCIRepository ?/apps: it has no `metadata.namespace`'],
  ])('%s', (_, yaml, problem) => {
    const { problems } = checkFluxObjects(setUp().flux, yaml);
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  it('what this Flux does not know yet', () => {
    const stack = new TerraformStack(Testing.app(), 'stack');
    const issuer = ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod' });
    const flux = new FluxInstallation(stack, 'Flux', { issuer, version: FluxVersion.V2_6 });
    flux.addIdentity(FluxIrsaRole.fromRoleArn(stack, 'Role', {
      oidcProviders: [new FluxOidcProvider(stack, 'Oidc', { issuer })], serviceAccounts: [FluxServiceAccount.of('team-a', 'flux')], roleArn: 'arn:aws:iam::111122223333:role/flux',
    }));
    const bucket = object('Bucket', { provider: 'aws', bucketName: 'a', region: 'eu-west-1', serviceAccountName: 'flux' });
    expect(checkFluxObjects(flux, bucket).problems[0]).toContain('Flux 2.7');
    expect(checkFluxObjects(flux, oci({ provider: 'aws', serviceAccountName: 'flux', url: `oci://${ECR}/any` })).problems).toEqual([]);
  });

  it('a remote cluster that is not described, where others are', () => {
    const { stack, flux } = setUp();
    const applies = (name: string) => object('HelmRelease', { kubeConfig: { configMapRef: { name } } }, { group: 'helm.toolkit.fluxcd.io/v2' });
    expect(checkFluxObjects(flux, applies('prod')).problems).toEqual([]);
    FluxRemoteCluster.generic(stack, 'Staging', { installation: flux, namespace: 'team-a', name: 'staging', address: 'https://10.0.0.1' });
    expect(checkFluxObjects(flux, applies('staging')).problems).toEqual([]);
    expect(checkFluxObjects(flux, applies('prod')).problems).toEqual([
      'HelmRelease team-a/apps: it applies to the cluster of ConfigMap "team-a/prod", which no FluxRemoteCluster of the installation is: team-a/staging',
    ]);
  });

  it('of an input provider: by its type', () => {
    const { flux } = setUp();
    const inputs = (spec: object) => checkFluxObjects(flux, object('ResourceSetInputProvider', { url: `oci://${ECR}/team-a/web`, ...spec }, { group: 'fluxcd.controlplane.io/v1' }));
    expect(inputs({ type: 'ECRArtifactTag', serviceAccountName: 'flux' }).problems).toEqual([]);
    expect(inputs({ type: 'ECRArtifactTag' }).problems[0]).toContain('acts as "flux-system/flux-operator", which no identity of cloud "aws" is for');
    expect(inputs({ type: 'OCIArtifactTag' }).problems).toEqual([]);
  });
});

describe('the YAML', () => {
  it('may hold anything else, lists and variables of Flux\'s substitution', () => {
    const { flux } = setUp();
    const others = ['', '---\n', 'a: b', 'text', stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: {} })];
    expect(checkFluxObjects(flux, others).objects).toEqual([]);
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${JSON.stringify({ apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'OCIRepository', metadata: { name: 'a', namespace: 'b' }, spec: { provider: 'aws' } })}`;
    expect(checkFluxObjects(flux, [list, oci({ provider: 'aws', serviceAccountName: '${ACCOUNT}' })].join('\n---\n')).objects.map(({ object: name }) => name)).toEqual(['OCIRepository b/a', 'OCIRepository team-a/apps']);
    expect(checkFluxObjects(flux, oci({ provider: 'aws', serviceAccountName: '${ACCOUNT}' })).problems).toEqual([]);
  });

  it('is an error where it is none', () => {
    const { flux } = setUp();
    expect(() => checkFluxObjects(flux, ['a: b', 'a: [b'])).toThrow('checkFluxObjects: stream 2 is no YAML: ');
    expect(() => checkFluxObjects(flux, [5 as any])).toThrow('checkFluxObjects: stream 1 is no text.');
    expect(() => checkFluxObjects({} as any, '')).toThrow('the first argument is a FluxInstallation');
  });

  it('changes nothing: the installation stays open', () => {
    const { flux, role } = setUp();
    checkFluxObjects(flux, oci({ provider: 'aws' }));
    expect(() => flux.addIdentity(role('Late', FluxServiceAccount.controller(KUSTOMIZE)))).not.toThrow();
  });
});
