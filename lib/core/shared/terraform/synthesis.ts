import { TerraformElement } from 'cdktf';
import { Construct } from 'constructs';
import { lightToken } from './light-token';

/**
 * Calls back when the tree is prepared for synthesis: everything is made by then, and no stack is written yet. (Aspects and
 * validations run stack by stack, when others are written, and a warning on them is lost.) It renders nothing.
 */
export class Synthesis extends TerraformElement {
  private readonly prepared: string;

  public constructor(scope: Construct, id: string, onPrepare: () => void) {
    super(scope, id);
    this.prepared = lightToken(({ preparing }) => {
      if (preparing) onPrepare();
      return undefined;
    });
  }

  public toTerraform(): any {
    return { prepared: this.prepared };
  }
}
