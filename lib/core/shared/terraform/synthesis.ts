import { TerraformElement } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { lightToken } from './light-token';

/** The apps whose synthesis began, by the roots of their trees. */
const BEGUN = new WeakSet<IConstruct>();

/** Whether the app of a construct is being synthesized: reports may be written by now, and stacks. Known where a `Synthesis` is in it. */
export function synthesisBegan(at: IConstruct): boolean {
  return BEGUN.has(at.node.root);
}

/**
 * Calls back once, when the tree is prepared for synthesis: everything is made by then, and no stack is written yet. (Aspects and
 * validations run stack by stack, when others are written, and a warning on them is lost.) It renders nothing.
 */
export class Synthesis extends TerraformElement {
  private readonly prepared: string;

  public constructor(scope: Construct, id: string, onPrepare: () => void) {
    super(scope, id);
    let told = false; // an app may be synthesized twice
    this.prepared = lightToken(({ preparing }) => {
      if (!preparing || told) return undefined;
      told = true;
      BEGUN.add(this.node.root);
      onPrepare();
      return undefined;
    });
  }

  public toTerraform(): any {
    return { prepared: this.prepared };
  }
}
