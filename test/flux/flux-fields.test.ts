import { cluster, errorOf, FakeIdentity, installed, known } from './fakes';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxCloud } from '../../lib/core/flux-identity';
import { FluxKind } from '../../lib/core/flux-kind';
import { FluxSecret } from '../../lib/core/flux-secret';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxFields, FluxFieldsOptions } from '../../lib/flux/flux-fields';

const TENANT = FluxServiceAccount.of('team-a', 'flux');
const { AWS, AZURE, GCP } = FluxCloud;
const { V2_6, V2_7, V2_9, V2_10 } = FluxVersion;

type Props = Partial<FluxFieldsOptions> & { readonly version?: FluxVersion };

function fields(kind: FluxKind, cloud: FluxCloud, { version, ...props }: Props = {}, accounts: FluxServiceAccount[] = [TENANT]) {
  const { stack, flux } = installed({ version: version ?? V2_9 });
  const identity = new FakeIdentity(stack, 'Id', { cloud, serviceAccounts: accounts });
  return FluxFields.of(kind, { identity, installation: flux, ...props });
}

describe('at object level', () => {
  it.each<[FluxKind, FluxCloud, any]>([
    [FluxKind.GIT_REPOSITORY, AWS, { provider: 'aws', serviceAccountName: 'flux' }],
    [FluxKind.GIT_REPOSITORY, AZURE, { provider: 'azure', serviceAccountName: 'flux' }],
    [FluxKind.OCI_REPOSITORY, AWS, { provider: 'aws', serviceAccountName: 'flux' }],
    [FluxKind.OCI_REPOSITORY, AZURE, { provider: 'azure', serviceAccountName: 'flux' }],
    [FluxKind.OCI_REPOSITORY, GCP, { provider: 'gcp', serviceAccountName: 'flux' }],
    [FluxKind.IMAGE_REPOSITORY, GCP, { provider: 'gcp', serviceAccountName: 'flux' }],
    [FluxKind.BUCKET, AZURE, { provider: 'azure', serviceAccountName: 'flux' }],
    [FluxKind.BUCKET, GCP, { provider: 'gcp', serviceAccountName: 'flux' }],
    [FluxKind.KUSTOMIZATION, AWS, { decryption: { provider: 'sops', serviceAccountName: 'flux' } }],
    [FluxKind.AZURE_DEVOPS_PROVIDER, AZURE, { type: 'azuredevops', serviceAccountName: 'flux' }],
    [FluxKind.AZURE_EVENT_HUB_PROVIDER, AZURE, { type: 'azureeventhub', serviceAccountName: 'flux' }],
    [FluxKind.GOOGLE_PUBSUB_PROVIDER, GCP, { type: 'googlepubsub', serviceAccountName: 'flux' }],
    [FluxKind.RESOURCE_SET_INPUT_PROVIDER, AWS, { type: 'ECRArtifactTag', serviceAccountName: 'flux' }],
    [FluxKind.RESOURCE_SET_INPUT_PROVIDER, AZURE, { type: 'ACRArtifactTag', serviceAccountName: 'flux' }],
    [FluxKind.RESOURCE_SET_INPUT_PROVIDER, GCP, { type: 'GARArtifactTag', serviceAccountName: 'flux' }],
  ])('%s on %s', (kind, cloud, spec) => {
    expect(fields(kind, cloud).spec).toEqual(spec);
  });

  it('a Bucket on AWS names its region', () => {
    expect(fields(FluxKind.BUCKET, AWS, { region: 'eu-west-1' }).spec).toEqual({ provider: 'aws', serviceAccountName: 'flux', region: 'eu-west-1' });
    const { stack } = cluster();
    const region = known(stack, 'region');
    expect(fields(FluxKind.BUCKET, AWS, { region }).spec.region).toBe(region);
  });

  it.each<[FluxKind, FluxCloud, FluxVersion]>([
    [FluxKind.GIT_REPOSITORY, AZURE, V2_7],
    [FluxKind.GIT_REPOSITORY, AWS, V2_9],
    [FluxKind.BUCKET, GCP, V2_7],
    [FluxKind.AZURE_DEVOPS_PROVIDER, AZURE, V2_7],
    [FluxKind.GOOGLE_PUBSUB_PROVIDER, GCP, V2_7],
  ])('%s on %s exists from Flux %s on, and before that names it', (kind, cloud, since) => {
    expect(() => fields(kind, cloud, { version: since })).not.toThrow();
    const before = Object.values(FluxVersion)[Object.values(FluxVersion).indexOf(since) - 1];
    const message = errorOf(() => fields(kind, cloud, { version: before }));
    expect(message).toContain(`in Flux ${before}.`);
    expect(message).toContain(`Fix: upgrade to Flux ${since}`);
  });
});

describe('at controller level', () => {
  const at = (controller: FluxController) => [FluxServiceAccount.controller(controller)];

  it.each<[FluxKind, FluxCloud, FluxController, any]>([
    [FluxKind.GIT_REPOSITORY, AZURE, FluxController.SOURCE, { provider: 'azure' }],
    [FluxKind.GIT_REPOSITORY, AWS, FluxController.IMAGE_AUTOMATION, { provider: 'aws' }],
    [FluxKind.OCI_REPOSITORY, AWS, FluxController.SOURCE, { provider: 'aws' }],
    [FluxKind.HELM_REPOSITORY, GCP, FluxController.SOURCE, { type: 'oci', provider: 'gcp' }],
    [FluxKind.BUCKET, AWS, FluxController.SOURCE, { provider: 'aws' }],
    [FluxKind.IMAGE_REPOSITORY, AWS, FluxController.IMAGE_REFLECTOR, { provider: 'aws' }],
    [FluxKind.KUSTOMIZATION, GCP, FluxController.KUSTOMIZE, { decryption: { provider: 'sops' } }],
    [FluxKind.GOOGLE_PUBSUB_PROVIDER, GCP, FluxController.NOTIFICATION, { type: 'googlepubsub' }],
  ])('%s on %s as %s names no account', (kind, cloud, controller, spec) => {
    expect(fields(kind, cloud, {}, at(controller)).spec).toEqual(spec);
  });

  it('ResourceSetInputProvider as the Flux Operator names no account', () => {
    expect(fields(FluxKind.RESOURCE_SET_INPUT_PROVIDER, AWS, {}, [FluxServiceAccount.operator()]).spec).toEqual({ type: 'ECRArtifactTag' });
  });

  it('works in Flux 2.6 where object level came later', () => {
    expect(fields(FluxKind.BUCKET, AWS, { version: V2_6 }, at(FluxController.SOURCE)).spec).toEqual({ provider: 'aws' });
  });
});

describe('with a static credential', () => {
  it.each<[FluxKind, FluxCloud, FluxSecret, any]>([
    [FluxKind.BUCKET, AWS, FluxSecret.bucket('team-a', 'keys'), { provider: 'aws', secretRef: { name: 'keys' } }],
    [FluxKind.KUSTOMIZATION, AZURE, FluxSecret.sops('team-a', 'keys'), { decryption: { provider: 'sops', secretRef: { name: 'keys' } } }],
    [FluxKind.GOOGLE_PUBSUB_PROVIDER, GCP, FluxSecret.provider('team-a', 'keys'), { type: 'googlepubsub', secretRef: { name: 'keys' } }],
  ])('%s on %s names the Secret', (kind, cloud, secret, spec) => {
    expect(fields(kind, cloud, { secret }, []).spec).toEqual(spec);
  });

  it.each<[string, FluxKind, FluxSecret, Partial<FluxFieldsOptions>, string]>([
    ['of another kind', FluxKind.BUCKET, FluxSecret.sops('a', 'keys'), {}, 'a Secret made by FluxSecret.bucket'],
    ['where none is read', FluxKind.OCI_REPOSITORY, FluxSecret.bucket('a', 'keys'), {}, 'objects of kind OCIRepository take no static credential'],
    ['beside an account', FluxKind.BUCKET, FluxSecret.bucket('a', 'keys'), { serviceAccount: TENANT }, 'leave one of them out'],
  ])('refuses a Secret %s', (_what, kind, secret, props, text) => {
    const message = errorOf(() => fields(kind, AWS, { secret, ...props }));
    expect(message).toContain('Secret "a/keys"');
    expect(message).toContain(text);
  });
});

describe('API versions', () => {
  it.each<[FluxKind, FluxCloud, FluxVersion, string]>([
    [FluxKind.OCI_REPOSITORY, AWS, V2_6, 'source.toolkit.fluxcd.io/v1'],
    [FluxKind.IMAGE_REPOSITORY, AWS, V2_6, 'image.toolkit.fluxcd.io/v1beta2'],
    [FluxKind.IMAGE_REPOSITORY, AWS, V2_7, 'image.toolkit.fluxcd.io/v1'],
    [FluxKind.GOOGLE_PUBSUB_PROVIDER, GCP, V2_9, 'notification.toolkit.fluxcd.io/v1beta3'],
    [FluxKind.GOOGLE_PUBSUB_PROVIDER, GCP, V2_10, 'notification.toolkit.fluxcd.io/v1'],
    [FluxKind.KUSTOMIZATION, AWS, V2_10, 'kustomize.toolkit.fluxcd.io/v1'],
  ])('%s on %s in Flux %s is %s', (kind, cloud, version, apiVersion) => {
    const made = fields(kind, cloud, { version });
    expect(made.object).toEqual({ apiVersion, kind: kind.split('/')[0], spec: made.spec });
  });
});

describe('bad input of FluxFields', () => {
  const two = [TENANT, FluxServiceAccount.of('team-b', 'flux')];

  it.each<[string, () => unknown, string, string]>([
    ['HelmRepository at object level', () => fields(FluxKind.HELM_REPOSITORY, AWS), 'object-level service account "team-a/flux" for HelmRepository.', 'use an OCIRepository for the chart'],
    ['GitRepository on Google', () => fields(FluxKind.GIT_REPOSITORY, GCP), 'of cloud "gcp" for GitRepository.', 'Google has no Git service'],
    ['ImageUpdateAutomation', () => fields(FluxKind.IMAGE_UPDATE_AUTOMATION, AWS), 'kind ImageUpdateAutomation, which has no such fields.', 'use FluxKind.GIT_REPOSITORY'],
    ['a Provider of another cloud', () => fields(FluxKind.GOOGLE_PUBSUB_PROVIDER, AWS), 'of cloud "aws" for Provider/googlepubsub.', 'Allowed: gcp'],
    ['another controller', () => fields(FluxKind.OCI_REPOSITORY, AWS, {}, [FluxServiceAccount.controller(FluxController.KUSTOMIZE)]), 'controller "flux-system/kustomize-controller" for OCIRepository.', 'Allowed: source-controller'],
    ['CodeCommit in Flux 2.8', () => fields(FluxKind.GIT_REPOSITORY, AWS, { version: FluxVersion.V2_8 }), 'GitRepository with provider "aws" in Flux 2.8.', 'upgrade to Flux 2.9'],
    ['a Bucket without region', () => fields(FluxKind.BUCKET, AWS), 'no region for a Bucket on AWS at object level.', 'set `region`'],
    ['a region elsewhere', () => fields(FluxKind.OCI_REPOSITORY, AWS, { region: 'x' }), 'region "x" for OCIRepository on "aws".', 'leave it out'],
    ['no choice of accounts', () => fields(FluxKind.OCI_REPOSITORY, AWS, {}, two), 'with 2 service accounts and no choice.', 'pass `serviceAccount`'],
    ['no account at all', () => fields(FluxKind.BUCKET, AWS, {}, []), 'with 0 service accounts and no choice.', 'pass `secret`'],
    ['a foreign account', () => fields(FluxKind.OCI_REPOSITORY, AWS, { serviceAccount: two[1] }), 'service account "team-b/flux", which is not one of identity "stack/Id".', 'Allowed: team-a/flux'],
    ['an unknown kind', () => fields('Gadget' as any, AWS), 'FluxKind "Gadget"', 'OCIRepository'],
    ['something else as the installation', () => fields(FluxKind.BUCKET, AWS, { installation: V2_9 as any }), 'option "installation" of FluxFields.of: text', 'a FluxInstallation'],
    ['an unknown option', () => fields(FluxKind.BUCKET, AWS, { account: TENANT } as any), 'option "account" of FluxFields.of', 'serviceAccount'],
  ])('refuses %s', (_what, action, given, help) => {
    const message = errorOf(action);
    expect(message).toContain(given);
    expect(message).toContain(help);
  });
});
