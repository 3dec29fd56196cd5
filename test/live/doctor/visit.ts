import { execFile } from 'child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { promisify } from 'util';
import { AccessModel } from '../../../lib/access/model';
import { main } from '../../../lib/cli/main';
import { Finding } from '../../../lib/doctor/finding';
import { flatResources, shownState } from '../../conformance/provider-shape/show';
import { bin } from '../programs';

/** What the doctor answers. */
export interface Answer {
  readonly status: number;
  readonly findings: readonly Finding[];
}

/** The doctor, as a user comes to him: with what the commands write that he prints, of a cluster that is there. */
export class Visit {
  /** Lines of `doctor commands`. */
  private readonly commands: readonly string[];

  /**
   * @param folder one of its own, that commands are run in
   * @param kubeconfig of an administrator
   */
  public constructor(private readonly folder: string, model: AccessModel, private readonly kubeconfig: string) {
    mkdirSync(join(folder, 'bin'), { recursive: true });
    const kubectl = join(folder, 'bin/kubectl');
    writeFileSync(kubectl, `#!/bin/sh\nexec ${bin('kubernetes')} kubectl "$@"\n`);
    chmodSync(kubectl, 0o755);
    const report = `${model.installation}.access.json`;
    writeFileSync(join(folder, report), JSON.stringify(model));
    this.commands = this.run(['doctor', 'commands', '--access', report]).out.split('\n').filter((line) => !line.startsWith('#'));
  }

  /**
   * Runs the commands; the state is what Terraform would show of the resources.
   *
   * @returns the kinds that the cluster does not have
   * @throws Error when a command fails otherwise, or is none that is known here
   */
  public async collect(resources: { readonly [address: string]: any }): Promise<string[]> {
    const missing: string[] = [];
    for (const command of this.commands.slice(0, -1)) {
      const [, state] = /^terraform show -json > (\S+) # in \S+$/.exec(command) ?? [];
      if (state !== undefined) {
        writeFileSync(join(this.folder, state), JSON.stringify(shownState(flatResources(resources), 'applied')));
      } else {
        if (!command.startsWith('kubectl ')) throw new Error(`the doctor prints a command that nobody knows here: ${command}`);
        const ran = promisify(execFile)('/bin/sh', ['-c', command], {
          cwd: this.folder, timeout: 60_000, env: { PATH: `${join(this.folder, 'bin')}:/usr/bin:/bin`, HOME: this.folder, KUBECONFIG: this.kubeconfig },
        });
        await ran.catch((error) => {
          const [, kind] = /^error: the server doesn't have a resource type "(\w+)"\n$/.exec(error.stderr) ?? [];
          if (kind === undefined) throw error;
          missing.push(kind);
        });
      }
    }
    return missing;
  }

  /** What the doctor says by the files: the last line of the commands, and what Flux said where it is given, too. */
  public byFiles(said?: string): Answer {
    const [, ...args] = this.commands[this.commands.length - 1].replace(/^npx /, '').split(' ');
    return this.answer([...args, ...said === undefined ? [] : ['--error', this.written(said)]]);
  }

  /** What the doctor says by the text alone. */
  public byText(said: string): Answer {
    return this.answer(['doctor', '--error', this.written(said)]);
  }

  private written(said: string): string {
    writeFileSync(join(this.folder, 'error.txt'), said);
    return 'error.txt';
  }

  private answer(args: readonly string[]): Answer {
    const { status, out } = this.run([...args, '--json']);
    return { status, findings: JSON.parse(out).findings };
  }

  /** The command of the package; files are those of the folder. */
  private run(args: readonly string[]): { readonly status: number; readonly out: string } {
    const [out, err]: string[][] = [[], []];
    const there = args.map((arg) => arg.replace(/[\w.-]+\.(json|txt)$/, (name) => join(this.folder, name)));
    const status = main('cdktf-flux-identity', there, (text) => out.push(text), (text) => err.push(text));
    if (err.length > 0) throw new Error(`${args.join(' ')}: ${err.join('\n')}`);
    return { status, out: out.join('\n') };
  }
}
