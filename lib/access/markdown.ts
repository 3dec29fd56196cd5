import { AccessChange, canonical } from './diff';
import { AccessGrant, AccessIdentity, AccessModel, shownSubject, shownValue } from './model';

/** A model for people who review it: a line for each grant, so that a grant that changes is one line that changes. */
export function accessMarkdown(model: AccessModel): string {
  const identities = new Map(model.identities.map((identity) => [identity.key, identity]));
  return [
    `# Access of ${model.installation}`,
    '',
    `Flux ${model.flux.version} in namespace \`${model.flux.namespace}\`, cluster of kind ${model.cluster.kind}.`,
    '',
    '## Who may do what',
    '',
    '| who | cloud | may | on | only if | used by | note |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...model.grants.map((grant) => row(grantCells(grant, identities.get(grant.identity)))),
    '',
    '## Whom the clouds let in',
    '',
    '| who | cloud | by | issuer | audience |',
    '| --- | --- | --- | --- | --- |',
    ...model.identities.map((identity) => row(trustCells(identity))),
    '',
    ...(model.patches === undefined ? [] : [
      '## Patches of your own', '', 'They may change all of this; what they do is not read.', '', ...model.patches.map((patch) => `- ${text(patch)}`), '',
    ]),
  ].join('\n');
}

/** Changes for people, the wider ones first. */
export function changesMarkdown(installation: string, changes: readonly AccessChange[]): string {
  const titles = { wider: 'Wider', narrower: 'Narrower', same: 'Unchanged access' } as const;
  const parts = (['wider', 'narrower', 'same'] as const).flatMap((effect) => {
    const lines = changes.filter((change) => change.effect === effect).map(({ what }) => `- ${text(what)}`);
    return lines.length === 0 ? [] : [`### ${titles[effect]}`, '', ...lines, ''];
  });
  return [`## ${installation}`, '', ...(parts.length === 0 ? ['No change of access.', ''] : parts)].join('\n');
}

function grantCells(grant: AccessGrant, identity: AccessIdentity | undefined): string[] {
  const conditions = [...new Set(grant.rights.map(({ condition }) => condition === undefined ? '' : canonical(condition)).filter((condition) => condition !== ''))];
  // All that a right consists of is on the line, so that no change of it is without one.
  const names = [...new Set(grant.rights.flatMap(({ actions, role }) => actions ?? (role === undefined ? [] : [shownValue(role)])))].sort();
  const resource = shownValue(grant.resource);
  const heldOn = [...new Set(grant.rights.flatMap(({ resources }) => resources.map(shownValue)))].filter((held) => held !== resource && held !== '*').sort();
  return [
    identity === undefined ? grant.identity : identity.subjects.map(shownSubject).join(', '),
    identity?.cloud ?? '',
    withDetails(`${grant.service}: ${grant.verb}`, names),
    withDetails(resource, heldOn),
    conditions.join(' or '),
    grant.kinds === 'unknown' ? '' : grant.kinds.length === 0 ? 'nothing' : grant.kinds.join(', '),
    [...(grant.broad === undefined ? [] : [`broad: ${grant.broad}`]), ...(grant.owner === undefined ? [] : ['the owner must agree'])].join('; '),
  ];
}

function withDetails(title: string, details: readonly string[]): string {
  return details.length === 0 ? title : `${title} (${details.join(', ')})`;
}

function trustCells({ subjects, cloud, credential, trust }: AccessIdentity): string[] {
  const entries = trust === 'unknown' ? [] : trust;
  const each = (values: string[]) => [...new Set(values)].sort().join(', ');
  return [
    subjects.map(shownSubject).join(', '),
    cloud,
    credential,
    trust === 'unknown' ? 'unknown' : each(entries.map(({ issuer }) => issuer === 'cluster' ? 'the cluster' : typeof issuer === 'string' ? issuer : 'known to Terraform')),
    each(entries.flatMap(({ audiences }) => audiences.map((audience) => typeof audience === 'string' ? audience : 'known to Terraform'))),
  ];
}

const row = (cells: readonly string[]) => `| ${cells.map((cell) => text(cell).replace(/\|/g, '\\|')).join(' | ')} |`;

/** What would be markup, or end the line. */
const MARKUP = /[\r\n\u0085\u2028\u2029]+|[&<>`*_[\]]/g;
const ENTITIES: { readonly [char: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Nothing of a value becomes markup or another line. */
function text(value: string): string {
  return value.replace(MARKUP, (found) => ENTITIES[found] ?? (/\s|\u0085/.test(found) ? ' ' : `\\${found}`));
}
