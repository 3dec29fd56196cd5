import { AccessIdentity, AccessModel, AccessRight, AccessTrust, AccessValue, shownSubject, shownValue } from './model';

/** One thing that differs. */
export interface AccessChange {
  /** `wider`: somebody can do more; `narrower`: somebody can do less; `same`: nobody can do more or less. */
  readonly effect: 'wider' | 'narrower' | 'same';
  readonly what: string;
}

/** What one subject may do: the smallest thing that is there or is not. */
interface Atom {
  readonly who: string;
  readonly cloud: string;
  /** An action or a role. */
  readonly right: string;
  readonly resource: string;
  readonly condition: string;
}

/** Compares what two models mean: names of constructs, the order of grants and how statements are cut count for nothing. */
export function compare(before: AccessModel, after: AccessModel): AccessChange[] {
  const changes = [
    ...rights(before, after),
    ...trust(before, after),
    ...unknowns(before, after),
    ...replaced(before, after),
    ...patches(before, after),
  ];
  const order = { wider: 0, narrower: 1, same: 2 };
  return changes.sort((a, b) => order[a.effect] - order[b.effect] || (a.what < b.what ? -1 : a.what > b.what ? 1 : 0));
}

function rights(before: AccessModel, after: AccessModel): AccessChange[] {
  const [old, now] = [atoms(before), atoms(after)];
  return [
    ...grouped(now.filter((atom) => !old.some((other) => covers(other, atom))), 'wider'),
    ...grouped(old.filter((atom) => !now.some((other) => covers(other, atom))), 'narrower'),
  ];
}

/** One change for all actions that one subject gains or loses on one resource. */
function grouped(found: readonly Atom[], effect: 'wider' | 'narrower'): AccessChange[] {
  const groups = new Map<string, { atom: Atom; rights: Set<string> }>();
  for (const atom of found) {
    const key = JSON.stringify([atom.cloud, atom.who, atom.resource, atom.condition]);
    const group = groups.get(key) ?? { atom, rights: new Set() };
    group.rights.add(atom.right);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ atom: { who, cloud, resource, condition }, rights: names }) => ({
    effect,
    what: `${who} (${cloud}) ${effect === 'wider' ? 'may' : 'may no longer'} ${[...names].sort().join(', ')} on ${resource}${condition === '' ? '' : ` if ${condition}`}`,
  }));
}

function atoms(model: AccessModel): Atom[] {
  const identities = new Map(model.identities.map((identity) => [identity.key, identity]));
  return model.grants.flatMap((grant) => {
    const identity = identities.get(grant.identity);
    const subjects = identity === undefined ? [grant.identity] : identity.subjects.map(shownSubject);
    return grant.rights.flatMap((right) => subjects.flatMap((who) => atomsOf(who, identity?.cloud ?? '?', right)));
  });
}

function atomsOf(who: string, cloud: string, right: AccessRight): Atom[] {
  const names = right.actions ?? (right.role === undefined ? [] : [shownValue(right.role)]);
  const condition = right.condition === undefined ? '' : canonical(right.condition);
  return names.flatMap((name) => right.resources.map((resource) => ({ who, cloud, right: name, resource: shownValue(resource), condition })));
}

/** Whether whoever holds one atom may do all that the other allows. Never a guess: what cannot be seen to be covered is not. */
function covers(wide: Atom, narrow: Atom): boolean {
  return wide.who === narrow.who && wide.cloud === narrow.cloud
    && (wide.condition === '' || wide.condition === narrow.condition)
    && (wide.right === narrow.right || (wide.cloud === 'aws' && patternCovers(wide.right.toLowerCase(), narrow.right.toLowerCase())))
    && resourceCovers(wide.cloud, wide.resource, narrow.resource);
}

function resourceCovers(cloud: string, wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  if (wide.startsWith('<') || narrow.startsWith('<')) return false;
  if (cloud === 'aws') return patternCovers(wide, narrow);
  // A scope of Azure holds for all that is below it, and so does a resource of Google's.
  if (cloud === 'azure') return narrow.toLowerCase().startsWith(`${wide.toLowerCase().replace(/\/$/, '')}/`);
  return cloud === 'gcp' && narrow.startsWith(`${wide}/`);
}

/** Whether one IAM pattern matches whatever another matches: its `*` may stand for the other's wildcards, its `?` not for a `*`. */
export function patternCovers(wide: string, narrow: string): boolean {
  const pattern = wide.split('').map((char) => char === '*' ? '[\\s\\S]*' : char === '?' ? '[^*]' : char.replace(/[\\^$.|+()[\]{}]/g, '\\$&')).join('');
  return new RegExp(`^${pattern}$`).test(narrow);
}

function trust(before: AccessModel, after: AccessModel): AccessChange[] {
  const [old, now] = [trustLines(before), trustLines(after)];
  return [
    ...[...now].filter((line) => !old.has(line)).map((line) => ({ effect: 'wider' as const, what: `trust: ${line}` })),
    ...[...old].filter((line) => !now.has(line)).map((line) => ({ effect: 'narrower' as const, what: `trust gone: ${line}` })),
  ];
}

function trustLines(model: AccessModel): Set<string> {
  return new Set(model.identities.flatMap(({ cloud, trust: entries }) => entries === 'unknown' ? [] : entries.map((entry) => trustLine(cloud, entry))));
}

/** Anchors that only Terraform knows are named after constructs: that they differ says nothing. */
function trustLine(cloud: string, { anchor, issuer, subject, audiences }: AccessTrust): string {
  const by = typeof anchor === 'string' ? ` by ${anchor}` : '';
  return `${cloud} lets in ${subject} of ${issuer === 'cluster' ? 'the cluster' : shownValue(issuer)} for ${audiences.map(shownValue).sort().join(', ')}${by}`;
}

/** What cannot be compared is not nothing. */
function unknowns(before: AccessModel, after: AccessModel): AccessChange[] {
  const old = new Set(before.identities.filter(({ grants }) => grants === 'unknown').map(({ key }) => key));
  return after.identities.filter(({ key, grants }) => grants === 'unknown' && !old.has(key))
    .map(({ key }) => ({ effect: 'wider' as const, what: `${key}: an identity that is not the library's; what it may do is unknown` }));
}

/** What the user's own patches do to accounts and rights in the cluster is not read: that one comes or goes may be more access. */
function patches({ patches: before = [] }: AccessModel, { patches: after = [] }: AccessModel): AccessChange[] {
  const without = (all: readonly string[], others: readonly string[]) => [...new Set(all)].filter((each) => !others.includes(each));
  return [
    ...without(after, before).map((patch) => ({ effect: 'wider' as const, what: `a patch of your own, and what it changes is not known: ${patch}` })),
    ...without(before, after).map((patch) => ({ effect: 'wider' as const, what: `a patch of your own is gone, and what it kept is not known: ${patch}` })),
  ];
}

/** The same subjects, another identity: nobody gains or loses, but Terraform replaces it. */
function replaced(before: AccessModel, after: AccessModel): AccessChange[] {
  const old = new Map(before.identities.map((identity) => [identity.key, identity]));
  return after.identities.filter((identity) => {
    const other = old.get(identity.key);
    return other !== undefined && principals(other) !== principals(identity);
  }).map(({ key }) => ({ effect: 'same' as const, what: `${key}: same access, identity replaced` }));
}

const principals = (identity: AccessIdentity) => identity.principals.map((value: AccessValue) => shownValue(value)).sort().join(' ');

/** JSON with its keys in order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item) => (
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item
  ));
}
