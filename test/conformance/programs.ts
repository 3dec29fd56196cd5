import { spawnSync } from 'child_process';
import { accessSync, constants, existsSync } from 'fs';
import { delimiter, join } from 'path';

/** Somebody else's program that reads what we synthesize. */
export interface Program {
  readonly name: string;
  /** What to install, for the message when it is missing. */
  readonly wanted: string;
  /** Undefined when it is not installed. */
  readonly path?: string;
}

/** Where `npm run conformance:install` puts what is not on the PATH. */
const INSTALLED = join(__dirname, '..', '..', '.conformance');

/** Terraform, or OpenTofu. */
export const TERRAFORM = program('terraform', 'Terraform 1.4 or later, or OpenTofu', ['terraform', 'tofu'], 'TERRAFORM_BINARY_NAME');

/** OpenTofu, beside Terraform where both are. */
export const OPENTOFU = program('tofu', 'OpenTofu', ['tofu'], 'OPENTOFU');

/** Kustomize 5. */
export const KUSTOMIZE = program('kustomize', 'kustomize 5', ['kustomize'], 'KUSTOMIZE');

/** Checks objects against CRDs, their CEL rules included, and against the schemas of Kubernetes. */
export const KUBECTL_VALIDATE = program('kubectl-validate', 'kubectl-validate', ['kubectl-validate'], 'KUBECTL_VALIDATE');

/** The command line of the Flux Operator: what the operator makes of a FluxInstance. */
export const FLUX_OPERATOR = program('flux-operator', 'the command line of the Flux Operator', ['flux-operator'], 'FLUX_OPERATOR');

/** Flux's own authentication code (of 2.9), around which we play Kubernetes and the clouds: see flux-auth/main.go. */
export const FLUX_AUTH = program('flux-auth', 'the authentication code of Flux', ['flux-auth'], 'FLUX_AUTH');

/** That of every version which can be had as a module. */
export const FLUX_AUTHS = {
  2.7: program('flux-auth-2.7', 'the authentication code of Flux 2.7', ['flux-auth-2.7'], 'FLUX_AUTH_2_7'),
  2.8: program('flux-auth-2.8', 'the authentication code of Flux 2.8', ['flux-auth-2.8'], 'FLUX_AUTH_2_8'),
  2.9: FLUX_AUTH,
};

/** Flux's own substitution of variables: see flux-substitute/main.go. */
export const FLUX_SUBSTITUTE = program('flux-substitute', 'the envsubst of Flux', ['flux-substitute'], 'FLUX_SUBSTITUTE');

/** A browser without a window: its own package has the shell alone. */
export const CHROMIUM = program('chromium', 'Chromium or Chrome', ['chromium-headless-shell', 'chromium', 'google-chrome'], 'CHROMIUM');

/** What many platform teams hold their Terraform against. */
export const CHECKOV = program('checkov', 'checkov', ['checkov', join(INSTALLED, 'checkov', 'bin', 'checkov')], 'CHECKOV');

/** The same, by trivy's scanner of Terraform: see trivy/main.go. */
export const TRIVY = program('trivy-terraform', "trivy's scanner of Terraform", ['trivy-terraform'], 'TRIVY_TERRAFORM');

/** What Go's parsers of YAML read: see go-yaml/main.go. */
export const GO_YAML = program('go-yaml', "Go's parsers of YAML", ['go-yaml'], 'GO_YAML');

/** A directory, not a program: the manifests that Flux publishes, a directory for each version. */
export const FLUX_MANIFESTS: Program = {
  name: 'flux-manifests',
  wanted: 'the manifests of Flux (in FLUX_MANIFESTS, or npm run conformance:install)',
  path: [process.env.FLUX_MANIFESTS || join(INSTALLED, 'flux')].find(existsSync),
};

/**
 * A suite that runs programs. On a laptop it is skipped when one is missing, and says so; with CONFORMANCE=required, as in
 * CI, a missing program fails it.
 */
export function describeWith(programs: Program[], name: string, suite: () => void): void {
  const missing = programs.filter(({ path }) => path === undefined);
  if (missing.length === 0) {
    describe(name, suite);
    return;
  }
  const message = `not installed: ${missing.map(({ wanted }) => wanted).join('; ')}`;
  if (process.env.CONFORMANCE === 'required') {
    describe(name, () => {
      it('has its programs', () => {
        throw new Error(`CONFORMANCE=required, but ${message}`);
      });
    });
    return;
  }
  process.stderr.write(`Skipped: ${name} (${message})\n`);
  describe.skip(`${name} (${message})`, suite);
}

/** Runs a program to its end. A non-zero exit is the caller's to judge. */
export function run({ name, wanted, path }: Program, args: string[], cwd: string, env: NodeJS.ProcessEnv = {}, input?: string) {
  if (path === undefined) throw new Error(`${name} is not installed (${wanted})`);
  const { error, status, stdout, stderr } = spawnSync(path, args, { cwd, env: { ...process.env, ...env }, input, encoding: 'utf8', maxBuffer: Infinity });
  if (error) throw error;
  return { status: status ?? -1, stdout, stderr };
}

export function program(name: string, wanted: string, names: string[], variable: string): Program {
  const chosen = process.env[variable];
  return { name, wanted: `${wanted} (on the PATH, named by ${variable}, or npm run conformance:install)`, path: (chosen ? [chosen] : names).map(find).find((path) => path !== undefined) };
}

function find(name: string): string | undefined {
  const candidates = name.includes('/') ? [name] : [...(process.env.PATH ?? '').split(delimiter), join(INSTALLED, 'bin')].map((directory) => join(directory, name));
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
