import { TerraformElement } from 'cdktf';
import { Construct } from 'constructs';
import { lightToken } from './light-token';

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
      onPrepare();
      return undefined;
    });
  }

  public toTerraform(): any {
    return { prepared: this.prepared };
  }
}
