import { TerraformVariable } from 'cdktf';
import { ArtifactRegistryPermissions, AcrPermissions, EcrPermissions, FluxEcrRepositoryPolicy } from '../../lib';
import { role } from '../aws/support';
import { stack } from '../support';

/** What plain JavaScript may pass for a text, and no text can be made of. */
const BARE = Object.create(null);

test('an object that has no text is refused by name, not by the engine', () => {
  const scope = stack();
  const identity = role(scope) as any;
  for (const permission of [EcrPermissions.pull(BARE), EcrPermissions.pullThroughCache(BARE)]) {
    expect(() => identity.grant('Apps', permission)).toThrow(expect.objectContaining({ name: 'ValidationError' }));
  }
  const bind = (permission: any) => () => permission._bind({ at: scope, checks: [], late: [] });
  for (const permission of [ArtifactRegistryPermissions.pull(BARE), AcrPermissions.pull(BARE)]) {
    expect(bind(permission)).toThrow(expect.objectContaining({ name: 'ValidationError' }));
  }
});

test('quotes around the token of an ARN are refused by name, not by cdktf', () => {
  const scope = stack();
  const late = new TerraformVariable(scope, 'arn', { type: 'string' }).stringValue;
  for (const repositoryArn of [`""${late}""`, `${late}\\`, `${late} `, `\${x}${late}`]) {
    expect(() => new FluxEcrRepositoryPolicy(scope, 'Policy', { repositoryArn })).toThrow(expect.objectContaining({ name: 'ValidationError' }));
  }
});
