import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'path';
import { App, TerraformResource, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkedScope } from '../core/shared/input/construct-ids';
import { TEXT } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { shown, ValidationError } from '../core/shared/input/validation-error';
import { resolved } from '../core/shared/terraform/graph';
import { literalOf } from '../core/shared/terraform/text';
import { requirePlain } from '../core/shared/terraform/tokens';

/** Options of `FluxFile`. */
export interface FluxFileProps {
  /** Where the file goes, relative to the directory that the program runs in; plain. Missing directories are made. */
  readonly path: string;
  /** Its content, for Terraform: `yaml` of a configuration. */
  readonly content: string;
}

/**
 * A rendered configuration as a file, for the bootstrap repository.
 *
 * When everything is known at synth (a role with `account` and `name`), the file is written at synth and no resource is made. When
 * only Terraform knows a value, the file is a `local_file` of the hashicorp/local provider, written at apply, relative to the
 * stack's directory. Its content is in the state: leave configurations that carry Secrets out.
 *
 * @see https://github.com/hashicorp/terraform-provider-local
 */
@allOrNothing
export class FluxFile extends Construct {
  public constructor(scope: Construct, id: string, props: FluxFileProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxFile', props, { path: TEXT, content: TEXT });
    const { path, content } = props;
    requirePlain(this, 'path', path);
    if (path === '' || path.endsWith('/') || /[*?"<>|\0]/.test(path)) {
      throw new ValidationError(this, {
        given: `path ${shown(path)}`,
        allowed: 'the path of a file, for example "clusters/prod/flux-system/kustomization.yaml"',
        why: 'nothing can be written there',
        fix: 'name the file',
      });
    }
    const file = new LocalFile(this, 'Resource', fromStack(this, path), content);
    const stack = TerraformStack.of(this);
    const { synthesizer } = stack;
    stack.synthesizer = {
      synthesize: (session) => {
        const { known } = file;
        if (known !== undefined) write(resolve(path), known);
        synthesizer.synthesize(session);
      },
    };
  }
}

/**
 * The one resource of the local provider that is needed: no binding, so that its package is not. It is none when its content is
 * known, which only synthesis can tell: configurations are rendered then.
 */
class LocalFile extends TerraformResource {
  public constructor(scope: Construct, id: string, private readonly filename: string, private readonly content: string) {
    super(scope, id, { terraformResourceType: 'local_file', terraformGeneratorMetadata: { providerName: 'local' } });
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
    return { filename: this.filename, content: this.content, file_permission: '0644' };
  }
}

/** The path as Terraform sees it from the stack's directory: the same bytes wherever the project is checked out. */
function fromStack(at: Construct, path: string): string {
  if (isAbsolute(path)) return path;
  const app = App.of(at);
  const directory = join(app.outdir, app.manifest.forStack(TerraformStack.of(at)).workingDirectory);
  return ['${path.module}', ...relative(resolve(directory), resolve(path)).split(sep)].join('/');
}

function write(path: string, content: string): void {
  // An untouched file keeps its time stamp, for those who build on it.
  if (existsSync(path) && readFileSync(path, 'utf8') === content) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
