import { Collected } from './hands';
import { Report } from './report';
import { Finding } from '../../../lib/doctor/finding';
import { DoctorWorld, examine, worldOf } from '../doctor-world';

/** The world of an example, after what was done in it. */
export function after(example: string, done: (c: Collected) => void): DoctorWorld {
  const world = worldOf(example);
  const before = Object.values(world.states).flat();
  const collected = new Collected(world.items, [...before]);
  done(collected);
  for (const [stack, resources] of Object.entries(world.states)) {
    world.states[stack] = resources.filter((resource) => collected.resources.includes(resource));
  }
  // What somebody else made stands in modules of his own stack.
  const theirs = collected.resources.filter((resource) => !before.includes(resource));
  if (theirs.length > 0) {
    world.states.theirs = theirs.map((resource) => ({ ...resource, address: `module.theirs.module.more["x"].${resource.address}` }));
  }
  Object.assign(world, Object.fromEntries(Object.entries({
    claims: collected.claims, discovery: collected.discovery, jwks: collected.jwks,
  }).filter(([, value]) => value !== undefined)));
  return world;
}

/** What the doctor says of the world of a report. */
export function saidOf({ world: example, done, what }: Report): Finding[] {
  const world = after(example, done);
  if (JSON.stringify(world) === JSON.stringify(worldOf(example))) {
    throw new Error(`nothing was changed: ${what}`);
  }
  return examine(world);
}
