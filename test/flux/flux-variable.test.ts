import { TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { documentsOf, errorOf, FakeIdentity, installed, known, patchesOf, textOf } from './fakes';
import { FluxIrsaRole } from '../../lib/aws/flux-irsa-role';
import { FluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { EcrPermissions } from '../../lib/aws/permissions/ecr';
import { FluxAzureFederatedIdentity } from '../../lib/azure/flux-azure-federated-identity';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxHelmValues } from '../../lib/flux/flux-helm-values';
import { FluxInstallationProps } from '../../lib/flux/flux-installation';
import { FluxInstanceConfig } from '../../lib/flux/flux-instance-config';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { FluxManifests } from '../../lib/flux/flux-manifests';
import { FluxRemoteCluster } from '../../lib/flux/flux-remote-cluster';
import { FluxValues } from '../../lib/flux/flux-values';
import { FluxVariable } from '../../lib/flux/flux-variable';
import { expectAccess } from '../../lib/testing/expect-access';

const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);
const TEAM = FluxServiceAccount.of('team-a', 'flux');
const ROLE_ARN = 'eks.amazonaws.com/role-arn';
const { RENDERED, SUBSTITUTED } = FluxValues;

/** A Flux whose tenants' role is named by a variable of the user's. */
function withRole(roleArn: string, props: Partial<FluxInstallationProps> = {}, accounts = [TEAM]) {
  const made = installed(props);
  const oidc = FluxOidcProvider.fromOidcProviderArn(made.stack, 'Oidc', {
    issuer: made.issuer, arn: 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com/clusters/prod',
  });
  const role = FluxIrsaRole.fromRoleArn(made.stack, 'Role', { oidcProviders: [oidc], serviceAccounts: accounts, roleArn, region: 'eu-west-1' });
  made.flux.addIdentity(role);
  return { ...made, role };
}

describe('a variable of the user\'s', () => {
  it.each([RENDERED, SUBSTITUTED])('is what an identity is, with values %s', (values) => {
    const { stack, flux } = withRole(FluxVariable.of('TEAM_A_ROLE'), { values });
    expect(documentsOf(new FluxManifests(stack, 'M', { installation: flux }))[0].metadata.annotations).toEqual({ [ROLE_ARN]: '${TEAM_A_ROLE}' });
    expect(textOf(new FluxKustomization(stack, 'K', { installation: flux }))).not.toContain('TEAM_A_ROLE');
    expect(flux._runtimeValues().texts).toEqual({});
  });

  it.each([RENDERED, SUBSTITUTED])('is a part of a value, with values %s', (values) => {
    const { stack, flux } = withRole(`arn:aws:iam::${FluxVariable.of('ACCOUNT')}:role/flux`, { values }, [SOURCE]);
    const patches = patchesOf(new FluxKustomization(stack, 'K', { installation: flux }));
    const said = JSON.stringify(patches);
    expect(said).toContain('arn:aws:iam::${ACCOUNT}:role/flux');
    expect(said).not.toMatch(/flux_\w+role_arn/);
    const [{ spec }] = documentsOf(new FluxInstanceConfig(stack, 'I', { installation: flux }));
    expect(spec.kustomize.patches.some(({ patch }: any) => patch.includes('arn:aws:iam::${ACCOUNT}:role/flux'))).toBe(true);
  });

  it('arrives in the synthesized stack as text that Terraform leaves alone', () => {
    const { stack, flux } = withRole(FluxVariable.of('TEAM_A_ROLE'));
    new TerraformOutput(stack, 'manifests', { value: new FluxManifests(stack, 'M', { installation: flux }).yaml });
    expect(JSON.parse(Testing.synth(stack)).output.manifests.value).toContain(`${ROLE_ARN}: $\${TEAM_A_ROLE}`);
  });

  it('works for identities of other clouds', () => {
    const { stack, issuer, flux } = installed();
    flux.addIdentity(FluxAzureFederatedIdentity.fromIdentityId(stack, 'Azure', {
      issuers: [issuer],
      serviceAccounts: [TEAM],
      identityId: '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/flux',
      clientId: FluxVariable.of('CLIENT'),
      principalId: '00000000-0000-0000-0000-00000000000b',
      tenantId: FluxVariable.of('TENANT'),
    }));
    expect(documentsOf(new FluxManifests(stack, 'M', { installation: flux }))[0].metadata.annotations).toEqual({
      'azure.workload.identity/client-id': '${CLIENT}', 'azure.workload.identity/tenant-id': '${TENANT}',
    });
  });

  it.each([RENDERED, SUBSTITUTED])('is where a remote cluster is, with values %s', (values) => {
    const { stack, flux } = installed({ values });
    const address = `https://${FluxVariable.of('HOST')}`;
    FluxRemoteCluster.generic(stack, 'Remote', { installation: flux, namespace: 'team-a', name: 'staging', address, caCertificate: FluxVariable.of('CA') });
    expect(documentsOf(new FluxManifests(stack, 'M', { installation: flux }))[0].data).toMatchObject({ 'address': 'https://${HOST}', 'ca.crt': '${CA}' });
  });

  it('stands in patches and spec of the user\'s, among dollars that are text', () => {
    const patch = `metadata: {annotations: {own: "\${x} $${FluxVariable.of('OWN')}"}}`;
    const { stack, flux } = installed({ values: SUBSTITUTED });
    const [{ patches }] = documentsOf(new FluxKustomization(stack, 'K', { installation: flux, patches: [{ patch }] }));
    expect(patches[2].patch).toBe('metadata: {annotations: {own: "$${x} $$${OWN}"}}');
    const sync = { kind: 'OCIRepository', url: `oci://ghcr.io/${FluxVariable.of('ORG')}/fleet`, ref: 'latest', path: 'prod' };
    const [{ spec }] = documentsOf(new FluxInstanceConfig(stack, 'I', { installation: flux, spec: { sync } }));
    expect(spec.sync.url).toBe('oci://ghcr.io/${ORG}/fleet');
    const plain = installed();
    const [kustomization] = documentsOf(new FluxKustomization(plain.stack, 'K', { installation: plain.flux, patches: [{ patch }] }));
    expect(kustomization.patches[0].patch).toBe('metadata: {annotations: {own: "${x} $${OWN}"}}');
  });

  it('is known to access reports by its name', () => {
    const { stack, flux, role } = withRole(FluxVariable.of('TEAM_A_ROLE'));
    new TerraformOutput(stack, 'access', { value: flux.access });
    expect(JSON.parse(Testing.synth(stack)).output.access.value).toContain('$${TEAM_A_ROLE}');
    expect(() => expectAccess(stack).of(role).denies({ action: 'ecr:BatchGetImage', resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/a' })).not.toThrow();
  });
});

describe('it is refused', () => {
  it.each(['flux_role', 'FLUX_ROLE', 'Flux_x'])('when it is called like one of the library\'s: %s', (name) => {
    expect(errorOf(() => FluxVariable.of(name))).toContain(`variable "${name}" is not accepted.\n  Allowed: names that do not begin with "flux_"`);
  });

  it.each(['', '1a', 'a-b', 'a.b', '${a}', 'a b', 'a'.repeat(254)])('when Flux would refuse its name: %j', (name) => {
    expect(errorOf(() => FluxVariable.of(name))).toContain('Why: Flux refuses every other name');
  });

  it.each<[string, (stack: TerraformStack, made: ReturnType<typeof withRole>) => unknown]>([
    ['the policies of a role', (_, { role }) => role.grant('Apps', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps'))],
    ['objects that Terraform applies', (stack, { flux }) => new TerraformOutput(stack, 'o', { value: new FluxManifests(stack, 'M', { installation: flux }).objects })],
    ['a manifest that Terraform applies', (stack, { flux }) => new TerraformOutput(stack, 'o', { value: new FluxInstanceConfig(stack, 'I', { installation: flux }).manifest })],
    ['Helm values', (stack, { flux }) => new TerraformOutput(stack, 'o', { value: new FluxHelmValues(stack, 'H', { installation: flux }).yaml })],
    ['whatever else Terraform gets', (stack) => new TerraformOutput(stack, 'o', { value: FluxVariable.of('TEAM_A_ROLE') })],
  ])('in %s', (_, use) => {
    const made = withRole(FluxVariable.of('TEAM_A_ROLE'), {}, [SOURCE, TEAM]);
    expect(() => {
      use(made.stack, made);
      Testing.synth(made.stack);
    }).toThrow('variable "TEAM_A_ROLE" (FluxVariable) in what Flux does not substitute.');
  });

  it('beside a value of Terraform\'s, in a file that is to be known at synthesis', () => {
    const { stack, flux } = installed({ values: SUBSTITUTED });
    const who = `${FluxVariable.of('A')}-${known(stack, 'v')}`;
    flux.addIdentity(new FakeIdentity(stack, 'Id', { serviceAccounts: [TEAM], settings: { annotations: { who } } }));
    const manifests = new FluxManifests(stack, 'M', { installation: flux });
    expect(() => textOf(manifests)).toThrow('[stack/Flux] a FluxVariable beside a value that only Terraform knows, in one text of service account "team-a/flux" ("stack/Id")');
  });

  it('and the same placeholder without it stays an error', () => {
    expect(errorOf(() => withRole('${TEAM_A_ROLE}'))).toContain('"${TEAM_A_ROLE}"');
  });
});
