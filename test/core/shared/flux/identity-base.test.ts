import { TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { FluxCloud, FluxContext } from '../../../../lib/core/flux-identity';
import { FluxServiceAccount } from '../../../../lib/core/flux-service-account';
import { Grant } from '../../../../lib/core/grant';
import { FluxIdentityBase, IdentityWarning } from '../../../../lib/core/shared/flux/identity-base';
import { CredentialKind } from '../../../../lib/core/shared/flux/service';
import { prepare } from '../../../support';

class Identity extends FluxIdentityBase {
  public readonly cloud = FluxCloud.GCP;
  public readonly serviceAccounts: FluxServiceAccount[] = [];
  public readonly _credential = CredentialKind.WORKLOAD_IDENTITY;
  public readonly _trust = [];
  public readonly _principals = [];

  public constructor(scope: Construct) {
    super(scope, 'Identity');
  }

  public give(id: string, warnings?: () => IdentityWarning[]): Grant {
    const grant = Grant._make(this, id);
    this._addGrant({ grant, rights: [], made: [], warnings });
    return grant;
  }
}

const WARNING: IdentityWarning = { id: 'some-warning', message: 'Mind the gap.' };
const CONTEXT = {} as FluxContext;

function identity() {
  const stack = new TerraformStack(Testing.app(), 'test');
  return { stack, made: new Identity(stack) };
}

/** What is told at synthesis, of a grant itself. */
function told(stack: TerraformStack, grant: Grant): string[] {
  prepare(stack.node.root);
  stack.toTerraform();
  return grant.node.metadata.map(({ data }) => data);
}

test('by itself it has no Secrets, takes nothing untested and warns of nothing', () => {
  const { made } = identity();
  made.give('Silent');
  expect([made._secrets, made._takesUntested, made._warnings(CONTEXT)]).toEqual([[], false, []]);
});

test('grants that left the tree are none', () => {
  const { made } = identity();
  made.give('A');
  made.give('B', () => [WARNING]);
  expect(made._grants.map(({ grant }) => grant.node.id)).toEqual(['A', 'B']);
  expect(made._warnings(CONTEXT)).toEqual([WARNING]);
  made.node.tryRemoveChild('B');
  expect(made._grants.map(({ grant }) => grant.node.id)).toEqual(['A']);
  expect(made._warnings(CONTEXT)).toEqual([]);
});

test('every Flux that it belongs to has its word on a grant, but none that has left', () => {
  const { stack, made } = identity();
  const asked: string[] = [];
  for (const id of ['One', 'Two']) made._admitBy(new Construct(stack, id), ({ grant }) => asked.push(`${id}: ${grant.node.id}`));
  made.give('A');
  stack.node.tryRemoveChild('One');
  made.give('B');
  expect(asked).toEqual(['One: A', 'Two: A', 'Two: B']);
  made._admitBy(stack.node.findChild('Two'), () => { throw new Error('refused'); });
  expect(() => made.give('C')).toThrow('refused');
  expect(made._grants.map(({ grant }) => grant.node.id)).toEqual(['A', 'B']);
});

test('a warning is told at the grant, once, where no Flux would tell it', () => {
  const { stack, made } = identity();
  const grant = made.give('A', () => [WARNING]);
  expect(told(stack, grant)).toEqual(['Mind the gap. [id: some-warning]']);
  expect(told(stack, grant)).toEqual(['Mind the gap. [id: some-warning]']);
  const other = identity();
  other.made._admitBy(new Construct(other.stack, 'Flux'), () => undefined);
  expect(told(other.stack, other.made.give('A', () => [WARNING]))).toEqual([]);
  const silent = identity();
  const none = silent.made.give('A');
  expect(told(silent.stack, none)).toEqual([]);
  expect(none.node.children).toEqual([]);
});
