import { readFileSync } from 'fs';
import { basename } from 'path';
import { isAlias, isMap, isScalar, isSeq, LineCounter, Node, parseDocument } from 'yaml';
import { FluxVersion } from '../../lib'; // in your project: from 'cdktf-flux-identity'

/** A cluster of the fleet, as its line says. */
export interface Cluster {
  readonly name: string;
  readonly cloud: 'aws' | 'azure' | 'gcp';
  readonly account: string;
  readonly region: string;
  readonly flux: FluxVersion;
  readonly tenants: readonly string[];
  /** Where it stands, for whatever turns out to be wrong with it later: `fleet.yaml:12`. */
  readonly line: string;
}

const FIELDS = ['name', 'cloud', 'account', 'region', 'flux', 'tenants'];
const CLOUDS = ['aws', 'azure', 'gcp'];

/** Reads the fleet. All that is wrong in the file is in one error, each with its line; then there is no fleet. */
export function readFleet(path: string): Cluster[] {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, 'utf8'), { lineCounter: lines });
  const wrong: string[] = [];
  const at = (offset: number) => `${basename(path)}:${lines.linePos(offset).line}`;
  const refuse = (node: unknown, message: string) => { wrong.push(`${at((node as Node | undefined)?.range?.[0] ?? 0)}: ${message}`); };
  document.errors.forEach(({ pos, message }) => wrong.push(`${at(pos[0])}: ${message.split('\n')[0].replace(/ at line .*/, '')}`));

  const names = new Map<string, string>();
  const clusters: Cluster[] = [];
  const list = document.get('clusters', true);
  if (wrong.length === 0 && (!isSeq(list) || list.items.length === 0)) refuse(list, '"clusters" is not a list of clusters.');
  for (const item of wrong.length === 0 && isSeq(list) ? list.items : []) {
    if (!isMap(item)) {
      refuse(item, 'a cluster is written { name: ..., cloud: ..., ... }.');
      continue;
    }
    const before = wrong.length;
    item.items.filter(({ key }) => !FIELDS.includes(String(key))).forEach(({ key }) => refuse(key, `no field is called "${String(key)}". Fields: ${FIELDS.join(', ')}.`));
    FIELDS.filter((field) => !item.has(field)).forEach((field) => refuse(item, `"${field}" is missing.`));
    const text = (field: string, node: unknown = item.get(field, true)) => {
      if (isScalar(node) && typeof node.value === 'string' && node.value !== '') return node.value;
      if (node === undefined) return '';
      const number = isScalar(node) && typeof node.value === 'number';
      refuse(node, `"${field}" is not a text${number ? `: "${String(node.source)}" in quotes is` : ''}.`);
      return '';
    };
    const oneOf = (field: string, allowed: readonly string[]) => {
      const value = text(field);
      if (value !== '' && !allowed.includes(value)) refuse(item.get(field, true), `"${field}" is "${value}", and can be ${allowed.join(', ')}.`);
      return value;
    };
    const [name, cloud, account, region, flux] = [text('name'), oneOf('cloud', CLOUDS), text('account'), text('region'), oneOf('flux', Object.values(FluxVersion))];
    const first = names.get(name);
    if (first !== undefined) refuse(item.get('name', true), `cluster "${name}" is there already, ${first}.`);
    else if (name !== '') names.set(name, `in line ${lines.linePos(item.range![0]).line}`);

    const written: unknown = item.get('tenants', true);
    const nodes = isAlias(written) ? written.resolve(document) : written; // a list may stand once, and be referred to
    const tenants = isSeq(nodes) ? nodes.items.map((node) => text('tenants', node)) : [];
    if (nodes !== undefined && tenants.length === 0) refuse(written, '"tenants" is not a list of namespaces.');
    tenants.filter((tenant, index) => tenant !== '' && tenants.indexOf(tenant) < index).forEach((tenant) => refuse(written, `tenant "${tenant}" is there twice.`));
    if (wrong.length === before) clusters.push({ name, cloud: cloud as Cluster['cloud'], account, region, flux: flux as FluxVersion, tenants, line: at(item.range![0]) });
  }
  if (wrong.length > 0) throw new Error(`the fleet is not as it should be:\n- ${wrong.join('\n- ')}`);
  return clusters;
}
