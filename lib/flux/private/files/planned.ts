import { TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';
import { PlannedFile, writeFiles } from './written';
import { inTree } from '../../../core/shared/input/once-per-app';

/** The version that CDKTF gives to apps of tests. */
const STUBBED = 'stubbed';

interface Plan {
  readonly at: IConstruct;
  readonly files: () => readonly PlannedFile[];
}

/** What constructs of an app write when it is synthesized, by the root of its tree. */
const PLANS = new WeakMap<IConstruct, Plan[]>();
/** The synthesis sessions whose files were written. */
const WRITTEN = new WeakSet<object>();
/** The stacks that write the files of their app before themselves. */
const WRITING = new WeakSet<TerraformStack>();

/** Files of the user's that synthesis writes, all of an app or none. */
export function planFiles(at: IConstruct, files: () => readonly PlannedFile[]): void {
  const { root } = at.node;
  const plans = PLANS.get(root) ?? [];
  PLANS.set(root, plans);
  plans.push({ at, files });
}

/** Lets a stack write the planned files of its app when it is synthesized, if no other did: everything is prepared by then. */
export function writeFilesWith(stack: TerraformStack): void {
  if (WRITING.has(stack)) return;
  WRITING.add(stack);
  const { synthesizer } = stack;
  stack.synthesizer = {
    synthesize: (session) => {
      if (!WRITTEN.has(session.manifest)) {
        WRITTEN.add(session.manifest);
        const plans = (PLANS.get(stack.node.root) ?? []).filter(({ at }) => inTree(at));
        const files = plans.flatMap((plan) => plan.files());
        if (session.manifest.version !== STUBBED && !isTest(stack)) writeFiles(files);
      }
      synthesizer.synthesize(session);
    },
  };
}

/** Whether the app is one of a test: it writes nothing. */
export function isTest(at: IConstruct): boolean {
  return at.node.tryGetContext('cdktfVersion') === STUBBED;
}
