import { readFileSync } from 'fs';
import { join } from 'path';
import { DataAwsEksCluster } from '@cdktf/provider-aws/lib/data-aws-eks-cluster';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Aspects, Lazy, ref, TerraformCount, TerraformIterator, TerraformResource, TerraformStack, Testing, Token } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { newResource } from '../../../../lib/core/shared/terraform/new-resource';
import { resolved, stack } from '../../../support';

const config = { assumeRolePolicy: '{}' };
const hook = Error.prepareStackTrace;
afterEach(() => { Error.prepareStackTrace = hook; });

/** Does something in its constructor, as a binding might. */
const doing = (act: () => void) => class extends TerraformResource {
  public constructor(scope: Construct, id: string, _config: object) {
    super(scope, id, { terraformResourceType: 'test' });
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

describe('that it resolves itself changes nothing of what Terraform gets', () => {
  const variable = (of: 'asString' | 'asNumber' | 'asList' | 'asStringMap'): any => Token[of](ref('var.v'));
  /** What is set, before and after the resource is made. */
  const cases: { [name: string]: { more?: object; then?: (role: IamRole) => void } } = {
    'nothing beside what must be': {},
    'falsy values': { more: { maxSessionDuration: 0, forceDetachPolicies: false, description: '', managedPolicyArns: [], tags: {}, inlinePolicy: [] } },
    'a nested block': { more: { inlinePolicy: [{ name: 'one', policy: undefined }, {}] } },
    'what is set afterwards': { then: (role) => { role.description = 'late'; } },
    'what is taken back afterwards': { more: { description: 'early', tags: { a: 'b' } }, then: (role) => { role.resetDescription(); role.resetTags(); } },
    'meta-arguments': { more: { count: TerraformCount.of(2), dependsOn: [], lifecycle: { createBeforeDestroy: true, ignoreChanges: ['tags'] } } },
    'meta-arguments set afterwards': {
      then: (role) => {
        role.dependsOn = ['aws_iam_role.other'];
        role.lifecycle = { preventDestroy: true };
        role.forEach = TerraformIterator.fromList(['a', 'b']);
      },
    },
    'a provisioner and a connection': { more: { connection: { type: 'ssh', host: 'one' }, provisioners: [{ type: 'local-exec', command: 'true' }] } },
    'overrides': {
      then: (role) => {
        role.addOverride('description', 'own');
        role.addOverride('lifecycle.prevent_destroy', true);
        role.addOverride('inline_policy', [{ name: 'own' }]);
        role.addOverride('assume_role_policy', undefined);
        role.addOverride('path', null);
      },
    },
    'tokens of each type, alone and in text': {
      more: {
        description: `a ${variable('asString')} b ${variable('asNumber')}`,
        path: Lazy.stringValue({ produce: () => variable('asString') }),
        maxSessionDuration: variable('asNumber'),
        managedPolicyArns: variable('asList'),
        tags: variable('asStringMap'),
        inlinePolicy: [{ name: variable('asString') }],
        forceDetachPolicies: Lazy.anyValue({ produce: () => true }),
      },
    },
    'tokens in keys': { more: { tags: { [variable('asString')]: 'a', b: 'c' } } },
    'text like tokens and their numbers': {
      more: { description: 'Token ${a} %{b} 1e+9', tags: { 'Token': '-1.5e+289', 'a-1e+9': 'TfToken[a]', 'b': '$${c}' }, path: '#{TfToken' },
    },
    'nothing in a map, and no value': {
      more: { tags: { a: undefined as unknown as string, b: 'c' } },
      then: (role) => { role.addOverride('timeouts', { create: undefined, delete: null, update: [undefined, 'a', {}] }); },
    },
    'a move': { then: (role) => { role.addMoveTarget('target'); } },
    'an import': { then: (role) => { role.importFrom('role-name'); } },
    'an Aspect': { then: (role) => Aspects.of(role).add({ visit: (node: IConstruct) => { if (node instanceof IamRole) node.permissionsBoundary = 'arn'; } }) },
  };

  const json = (make: typeof newResource, { more, then }: typeof cases[string]) => {
    const s = stack();
    const role = make(IamRole, s, 'Role', { ...config, ...more });
    then?.(role);
    return { terraform: Testing.synth(s), hcl: JSON.stringify(resolved(s, role.toHclTerraform())) };
  };
  const plainly: typeof newResource = (type, scope, id, values) => new type(scope, id, values);

  test.each(Object.entries(cases))('%s', (_, each) => {
    const { terraform, hcl } = json(newResource, each);
    const plain = json(plainly, each);
    expect(terraform).toBe(plain.terraform);
    expect(hcl).toBe(plain.hcl);
  });

  test('a data source', () => {
    const of = (make: typeof newResource) => {
      const s = stack();
      make(DataAwsEksCluster, s, 'Cluster', { name: 'prod' });
      return Testing.synth(s);
    };
    expect(of(newResource)).toBe(of(plainly));
  });

  test('references to other stacks', () => {
    const of = (make: typeof newResource) => {
      const app = Testing.app();
      const [one, two] = ['One', 'Two'].map((id) => new TerraformStack(app, id));
      [one, two].forEach((each) => new AwsProvider(each, 'Aws'));
      const other = make(IamRole, one, 'Role', config);
      make(IamRole, two, 'Role', { ...config, description: other.arn, tags: { a: `of ${other.name}` } });
      app.synth();
      return [one, two].map((each) => readFileSync(join(app.outdir, app.manifest.stacks[each.node.id].synthesizedStackPath), 'utf8'));
    };
    expect(of(newResource)).toEqual(of(plainly));
    expect(of(newResource)[1]).toContain('data.terraform_remote_state');
  });

  test('what cannot be resolved is told by its resource', () => {
    const s = stack();
    const role = newResource(IamRole, s, 'Role', { ...config, description: Lazy.stringValue({ produce: () => { throw new Error('no such thing'); } }) });
    expect(() => Testing.synth(s)).toThrow('no such thing');
    role.description = 'fine';
    role.addOverride('path', () => 'a function');
    expect(() => Testing.synth(s)).toThrow('at \'/resource/aws_iam_role/Role/path\'');
  });

  test('for others it is as it was: plain blocks, and a class of the name of the binding', () => {
    const role = newResource(IamRole, stack(), 'Role', { ...config, description: 'one' });
    expect(role.toTerraform()).toEqual(new IamRole(stack(), 'Role', { ...config, description: 'one' }).toTerraform());
    expect(Object.keys(role.toTerraform())).not.toContain('resolve');
    expect(role.constructor.name).toBe('IamRole');
    expect(newResource(IamRole, stack(), 'Role', config).constructor).toBe(role.constructor);
  });
});
