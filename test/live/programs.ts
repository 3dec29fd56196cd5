import { join } from 'path';
import { KUSTOMIZE, Program, program, FLUX_MANIFESTS, TERRAFORM } from '../conformance/programs';

/** Where `npm run live:install` puts what the live suite runs. */
export const BIN = join(__dirname, '../../.conformance/live/bin');
export const CRDS = join(__dirname, '../../.conformance/live/crds');

const NAMES = ['kubernetes', 'source-controller', 'kustomize-controller', 'helm-controller', 'flux-operator', 'registry', 'sops', 'moto'];

/** Everything that has to be there. */
export const PROGRAMS: readonly Program[] = [
  TERRAFORM, KUSTOMIZE, FLUX_MANIFESTS, program('openssl', 'openssl', ['openssl'], 'OPENSSL'),
  ...NAMES.map((name) => ({ ...program(name, name, [join(BIN, name)], `LIVE_${name.toUpperCase().replace(/-/g, '_')}`), wanted: `${name} (npm run live:install)` })),
];

/** The path of one of them. */
export const bin = (name: string): string => PROGRAMS.find((each) => each.name === name)!.path!;
