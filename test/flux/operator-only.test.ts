import { TerraformStack } from 'cdktf';
import { cluster, warned } from './fakes';
import { FluxIamUser } from '../../lib/aws/flux-iam-user';
import { FluxIrsaRole } from '../../lib/aws/flux-irsa-role';
import { FluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { CodeCommitPermissions } from '../../lib/aws/permissions/code-commit';
import { EcrPermissions } from '../../lib/aws/permissions/ecr';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstallation } from '../../lib/flux/flux-installation';
import { FluxInstanceConfig } from '../../lib/flux/flux-instance-config';
import { FluxOperatorValues } from '../../lib/flux/flux-operator-values';

const FLEET = CodeCommitPermissions.pull('arn:aws:codecommit:eu-west-1:111122223333:fleet');
const APPS = EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps');
const ID = 'operator-only:stack/Role/Grant';

function installation(version: FluxVersion, serviceAccounts: FluxServiceAccount[], permission = FLEET, controllers?: FluxController[]) {
  const { stack, issuer } = cluster();
  const role = new FluxIrsaRole(stack, 'Role', { oidcProviders: [new FluxOidcProvider(stack, 'Oidc', { issuer })], serviceAccounts });
  role.grant('Grant', permission);
  return { stack, flux: new FluxInstallation(stack, 'Flux', { issuer, version, controllers, identities: [role] }), role };
}

const TEAM = FluxServiceAccount.of('team-a', 'flux');
const ofOperator = (flux: FluxInstallation) => flux.warnings.filter(({ id }) => id.startsWith('operator-only'));

it('an object-level grant on CodeCommit before Flux 2.9 is of use to the operator only', () => {
  const { flux, role } = installation(FluxVersion.V2_6, [TEAM]);
  expect(ofOperator(flux)).toEqual([{ id: ID, message: expect.stringContaining('grant "stack/Role/Grant" is of use in this Flux (2.6: source-controller,') }]);
  role.node.tryRemoveChild('Grant');
  expect(ofOperator(flux)).toEqual([]);
});

it.each<[string, (stack: TerraformStack, flux: FluxInstallation) => unknown]>([
  ['FluxInstanceConfig', (stack, flux) => new FluxInstanceConfig(stack, 'Instance', { installation: flux })],
  ['FluxOperatorValues', (stack, flux) => new FluxOperatorValues(stack, 'Values', { installation: flux })],
  ['an identity of the operator', (stack, flux) => flux.addIdentity(new FluxIamUser(stack, 'Operator', { name: 'operator', serviceAccounts: [FluxServiceAccount.operator()] }))],
])('%s says that there is one', (_what, tell) => {
  const { stack, flux } = installation(FluxVersion.V2_6, [TEAM]);
  tell(stack, flux);
  expect(ofOperator(flux)).toEqual([]);
});

it.each<[string, Parameters<typeof installation>]>([
  ['Flux 2.9 reads CodeCommit', [FluxVersion.V2_9, [TEAM]]],
  ['ECR is read by source-controller in every Flux', [FluxVersion.V2_6, [TEAM], APPS]],
])('%s', (_what, given) => {
  expect(ofOperator(installation(...given).flux)).toEqual([]);
});

it('so are repositories where neither source- nor image-reflector-controller is installed', () => {
  const { flux } = installation(FluxVersion.V2_10, [TEAM], APPS, [FluxController.KUSTOMIZE]);
  expect(warned(flux)).toContain(ID);
});
