import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { Construct } from 'constructs';
import { newResource } from '../../../../lib/core/shared/terraform/new-resource';
import { stack } from '../../../support';

const config = { assumeRolePolicy: '{}' };
const hook = Error.prepareStackTrace;
afterEach(() => { Error.prepareStackTrace = hook; });

/** Does something in its constructor, as a binding might. */
const doing = (act: () => void) => class extends Construct {
  public constructor(scope: Construct, id: string, _config: object) {
    super(scope, id);
    act();
  }
};

test('a resource is the one that its class makes, its nested blocks without stacks', () => {
  const s = stack();
  const made = newResource(IamRole, s, 'Ours', config);
  expect(made).toBeInstanceOf(IamRole);
  expect(made.inlinePolicy.creationStack).toEqual([]);
  expect(new IamRole(s, 'Plain', config).inlinePolicy.creationStack).not.toEqual([]);
});

test('the hook of the program is back afterwards, whether the class throws or not', () => {
  const own = (error: Error) => `own: ${error.message}`;
  Error.prepareStackTrace = own;
  newResource(IamRole, stack(), 'Ours', config);
  expect(Error.prepareStackTrace).toBe(own);
  expect(() => newResource(doing(() => { throw new Error('broken'); }), stack(), 'Broken', {})).toThrow('broken');
  expect(Error.prepareStackTrace).toBe(own);
});

test('an error keeps its stack, read inside or later', () => {
  delete (Error as { prepareStackTrace?: unknown }).prepareStackTrace;
  let inside: string | undefined;
  newResource(doing(() => { inside = new Error('seen').stack; }), stack(), 'Seen', {});
  expect(inside).toMatch(/^Error: seen\n    at .*new-resource\.test/);
  let later: unknown;
  try {
    newResource(IamRole, stack(), '', undefined as any);
  } catch (error) {
    later = error;
  }
  expect((later as Error).stack).toMatch(/\n    at /);
});

test('resources inside resources, too, leave the hook as it was', () => {
  const own = (error: Error) => `own: ${error.message}`;
  Error.prepareStackTrace = own;
  const s = stack();
  newResource(doing(() => { newResource(IamRole, s, 'Inner', config); }), s, 'Outer', {});
  expect(Error.prepareStackTrace).toBe(own);
});
