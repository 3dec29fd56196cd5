import type { DoctorWorld } from './doctor-world';

/** A change of a world. */
export type Change = (world: DoctorWorld) => void;

/** The objects of a kind. */
export const all = (world: DoctorWorld, kind: string, name?: string): any[] => (
  world.items.filter((item) => item.kind === kind && (name === undefined || item.metadata.name === name))
);

/** The one object of a kind and name. */
export function get(world: DoctorWorld, kind: string, name: string, namespace?: string): any {
  const found = all(world, kind, name).filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace);
  if (found.length !== 1) throw new Error(`${found.length} of ${kind} ${name}`);
  return found[0];
}

/** Takes objects away; an error if there were none. */
export function drop(world: DoctorWorld, is: (item: any) => boolean): void {
  const kept = world.items.filter((item) => !is(item));
  if (kept.length === world.items.length) throw new Error('nothing to drop');
  world.items.splice(0, world.items.length, ...kept);
}

/** The container of a controller in its Deployment and its pod. */
export const containers = (world: DoctorWorld, controller: string): any[] => [
  ...all(world, 'Deployment', controller).map(({ spec }) => spec.template.spec), ...all(world, 'Pod').filter(({ spec }) => spec.serviceAccountName === controller).map(({ spec }) => spec),
].map(({ containers: list }) => list.find(({ name }: any) => name === 'manager'));

/** The pod of a controller. */
export const pod = (world: DoctorWorld, controller: string): any => all(world, 'Pod').find(({ spec }) => spec.serviceAccountName === controller);

/** The resources of a type in all states. */
export const resources = (world: DoctorWorld, type: string, containing = ''): any[] => (
  Object.values<any[]>(world.states).flat().filter((each) => each.type === type && each.address.includes(containing))
);

/** The values of the first resource of a type whose address contains a text. */
export function values(world: DoctorWorld, type: string, containing = ''): any {
  const [found] = resources(world, type, containing);
  if (found === undefined) throw new Error(`no ${type} ${containing}`);
  return found.values;
}

/** Takes resources out of the states; an error if there were none. */
export function dropResources(world: DoctorWorld, is: (resource: any) => boolean): void {
  let dropped = 0;
  for (const [stack, before] of Object.entries<any[]>(world.states)) {
    const kept = before.filter((each) => !is(each));
    dropped += before.length - kept.length;
    world.states[stack] = kept;
  }
  if (dropped === 0) throw new Error('no resource to drop');
}

/** Changes the JSON in an attribute. */
export function policy(holder: any, attribute: string, change: (document: any) => void): void {
  const document = JSON.parse(holder[attribute]);
  change(document);
  holder[attribute] = JSON.stringify(document);
}

export const clone = <T>(value: T): T => JSON.parse(JSON.stringify(value));
