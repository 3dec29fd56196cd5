import { Collected } from './hands';
import { Report } from './report';
import { Finding } from '../../../lib/doctor/finding';
import { DoctorWorld, examine, worldOf } from '../doctor-world';

/** The world of an example, after what was done in it. */
export function after(example: string, done: (c: Collected) => void): DoctorWorld {
  const world = worldOf(example);
  const modules = Object.values(world.states).map((state) => state.values.root_module);
  const collected = new Collected(world.items, modules.flatMap(({ resources }) => resources));
  done(collected);
  for (const module of modules) {
    module.resources = module.resources.filter((resource: object) => collected.resources.includes(resource));
  }
  const theirs = collected.resources.filter((resource) => !modules.some(({ resources }) => resources.includes(resource)));
  if (theirs.length > 0) {
    world.states.theirs = { format_version: '1.0', terraform_version: '1.11.0', values: { root_module: { resources: theirs } } };
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
