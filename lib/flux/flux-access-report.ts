import { join, resolve } from 'path';
import { App } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { FluxInstallation } from './flux-installation';
import { accessMarkdown } from '../access/markdown';
import { accessPage } from '../access/page';
import { accessModel, nameOf } from './private/access/collect';
import { asReferences } from './private/access/values';
import { planFiles } from './private/files/planned';
import { PlannedFile } from './private/files/written';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkedScope } from '../core/shared/input/construct-ids';
import { FLAG, TEXT } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { shown, ValidationError } from '../core/shared/input/validation-error';
import { byPath } from '../core/shared/sort';
import { requirePlain } from '../core/shared/terraform/tokens';

/** Options of `FluxAccessReport`. */
export interface FluxAccessReportProps {
  /**
   * A directory for the reports that is committed, so that a pull request shows what changes; plain. A relative one is below the
   * directory that the program runs in. Give it to the reports alone.
   *
   * @default - `flux-access` in the app's output (`cdktf.out`), made anew by each synthesis, for CI to compare base with head
   */
  readonly directory?: string;
  /**
   * Whether to write `access.html` too: one page of all installations, to search, to filter, and to look at the way of one account. It is
   * whole in itself, asks no network for anything, and holds what the other files hold.
   *
   * @default false
   */
  readonly page?: boolean;
}

/**
 * Who can do what, for people: for every `FluxInstallation` below its scope (the app, or a stack) synthesis writes
 * `<name>.access.json` and `<name>.access.md`, named after the installation's path (`prod/Flux` is `prod-Flux`).
 *
 * The Markdown has a line for each grant: a grant that changes is one line that changes, a construct that is renamed none. What differs
 * between two JSON files `npx cdktf-flux-identity diff OLD NEW` says by its meaning. The same program writes the same bytes; values that
 * only Terraform knows stand as what Terraform calls them; no secret is in it. `Testing.synth` and apps of `Testing.app` write nothing.
 *
 * ```ts
 * new FluxAccessReport(app, 'Access', { directory: 'access' });
 * ```
 *
 * Guide: docs/access.md
 */
@allOrNothing
export class FluxAccessReport extends Construct {
  public constructor(scope: Construct, id: string, props: FluxAccessReportProps = {}) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxAccessReport', props, { directory: TEXT.optional, page: FLAG.optional });
    if (props.directory !== undefined) requirePlain(this, 'directory', props.directory);
    planFiles(this, () => this.files(scope, props));
  }

  private files(scope: IConstruct, { directory, page = false }: FluxAccessReportProps): PlannedFile[] {
    const installations = byPath(scope.node.findAll().filter((node): node is FluxInstallation => node instanceof FluxInstallation));
    this.requireUnique(installations);
    const place = directory === undefined
      ? { root: join(resolve(App.of(installations[0] ?? this).outdir), 'flux-access'), own: true } : { root: resolve(directory) };
    const text = asReferences();
    const models = installations.map((installation) => accessModel(installation, text));
    const file = (path: string, content: string) => ({ at: this, ...place, path, content });
    return [
      ...models.flatMap((model) => [
        file(`${model.installation}.access.json`, `${JSON.stringify(model, undefined, 2)}\n`),
        file(`${model.installation}.access.md`, accessMarkdown(model)),
      ]),
      ...(page ? [file('access.html', accessPage(models))] : []),
    ];
  }

  private requireUnique(installations: readonly FluxInstallation[]): void {
    const names = new Map<string, FluxInstallation>();
    for (const installation of installations) {
      const name = nameOf(installation).normalize().toLowerCase();
      const other = names.get(name);
      if (other !== undefined) {
        throw new ValidationError(this, {
          given: `installations ${shown(other.node.path)} and ${shown(installation.node.path)}, which would both be reported as "${nameOf(installation)}".`,
          allowed: 'installations whose paths differ in more than "/" and "-", case, or the form of accented letters',
          why: 'one report would overwrite the other',
          fix: 'rename one of the constructs',
        });
      }
      names.set(name, installation);
    }
  }
}
