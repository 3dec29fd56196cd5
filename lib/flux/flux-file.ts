import { join, relative, resolve, sep } from 'path';
import { App, TerraformResource, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { isTest, planFiles, writeFilesWith } from './private/files/planned';
import { below, holdsSecret } from './private/files/written';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkedScope } from '../core/shared/input/construct-ids';
import { claim } from '../core/shared/input/once-per-app';
import { TEXT } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { shown, ValidationError } from '../core/shared/input/validation-error';
import { resolved } from '../core/shared/terraform/graph';
import { literalOf } from '../core/shared/terraform/text';
import { requirePlain } from '../core/shared/terraform/tokens';

/** Options of `FluxFile`. */
export interface FluxFileProps {
  /** Where the file goes, below `root`; plain. Missing directories are made. */
  readonly path: string;
  /** Its content, for Terraform: `yaml` of a delivery, or any text. Not empty. */
  readonly content: string;
  /**
   * The directory that files stay in, such as a checkout of the bootstrap repository; plain. A relative one is below the directory
   * that the program runs in. Apps that write to one repository take a root each.
   *
   * @default - the directory that the program runs in
   */
  readonly root?: string;
}

/**
 * A rendered configuration as a file, for the bootstrap repository.
 *
 * When everything is known at synthesis (a role with `account` and `name`), the file is written then and no resource is made. When
 * only Terraform knows a value, the file is a `local_file` of the hashicorp/local provider, which `terraform init` installs, written at
 * apply. Its content is in the state: leave configurations that carry Secrets out.
 *
 * All files of an app are written, or none. Paths out of the root or into `.git`, a path twice, empty content, a file that people wrote
 * or edited, and a file of an earlier run that no FluxFile writes now are errors; `.cdktf-flux-files.json` in the root, to be committed
 * too, says what was written. Manifests with a Secret are for their owner alone (0600). `Testing.synth` and apps of `Testing.app` write
 * nothing.
 *
 * Guide: docs/flux/files.md
 *
 * @see https://github.com/hashicorp/terraform-provider-local
 */
@allOrNothing
export class FluxFile extends Construct {
  public constructor(scope: Construct, id: string, props: FluxFileProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxFile', props, { path: TEXT, content: TEXT, root: TEXT.optional });
    requirePlain(this, 'path', props.path);
    if (props.root !== undefined) requirePlain(this, 'root', props.root);
    const root = resolve(props.root ?? '.');
    const path = this.checkedPath(root, props.path);
    if (props.content.trim() === '') this.refuseEmpty(path);
    const other = claim(this, `file ${join(root, path).normalize().toLowerCase()}`);
    if (other !== undefined) this.refuseTwice(path, other);

    const file = new LocalFile(this, 'Resource', this.fromStack(join(root, path)), props.content);
    planFiles(this, () => [{ at: this, root, path, content: file.known }]);
    writeFilesWith(TerraformStack.of(this));
  }

  private checkedPath(root: string, path: string): string {
    const inside = path === '' || /[/\\]$|[*?"<>|\0]/.test(path) ? undefined : below(root, path);
    if (inside !== undefined) return inside;
    throw new ValidationError(this, {
      given: `path ${shown(path)}`,
      allowed: 'the path of a file below the root and not in .git, for example "clusters/prod/flux-system/kustomization.yaml"',
      why: 'nothing can be written there, or something that belongs to others would be overwritten',
      fix: 'name the file; where it belongs to another directory, pass that one as `root`',
    });
  }

  private refuseEmpty(path: string): never {
    throw new ValidationError(this, {
      given: `content without text for ${shown(path)}`,
      allowed: 'what a delivery renders, such as `kustomization.yaml`',
      why: 'an empty file in the repository takes away from the cluster what was there before',
      fix: 'leave the FluxFile out',
    });
  }

  private refuseTwice(path: string, other: Construct | object): never {
    throw new ValidationError(this, {
      given: `path ${shown(path)}, which ${(other as Construct).node.path} writes already.`,
      allowed: 'each file by one FluxFile of the app (file systems of laptops know no case, and one form of accented letters)',
      why: 'the last one would win, and the cluster would get the configuration of another',
      fix: 'give each cluster a directory of its own',
    });
  }

  /** The path as Terraform sees it from the stack's directory: the same bytes wherever the project is checked out. */
  private fromStack(path: string): string {
    const app = App.of(this);
    // Apps of tests are written anywhere; what they show is what the project's own app would.
    const outdir = isTest(this) ? 'cdktf.out' : app.outdir;
    const directory = join(outdir, app.manifest.forStack(TerraformStack.of(this)).workingDirectory);
    return ['${path.module}', ...relative(resolve(directory), path).split(sep)].join('/');
  }
}

/**
 * The one resource of the local provider that is needed: no binding, so that its package is not, and no metadata of one, so that
 * no provider construct is asked for. It is none when its content is known, which only synthesis can tell: configurations are rendered then.
 */
class LocalFile extends TerraformResource {
  public constructor(scope: Construct, id: string, private readonly filename: string, private readonly content: string) {
    super(scope, id, { terraformResourceType: 'local_file' });
  }

  /** The content, where Terraform has nothing to add. */
  public get known(): string | undefined {
    return literalOf(resolved(this.cdktfStack, this.content));
  }

  public toTerraform(): any {
    return this.known === undefined ? super.toTerraform() : {};
  }

  public toHclTerraform(): any {
    return this.known === undefined ? super.toHclTerraform() : {};
  }

  protected synthesizeAttributes(): { [name: string]: any } {
    const secret = holdsSecret(resolved(this.cdktfStack, this.content));
    return { filename: this.filename, content: this.content, file_permission: secret ? '0600' : '0644' };
  }
}
