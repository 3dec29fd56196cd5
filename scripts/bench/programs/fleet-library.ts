// The fleet of examples/fleet: 90 clusters on three clouds, with six identities each, their files and their values.
import { join } from 'path';
import { probe } from './probe';
import { readFleet } from '../../../examples/fleet/fleet-file';
import { addFleet } from '../../../examples/fleet/stack';

probe((app) => addFleet(app, readFleet(join(__dirname, '../../../examples/fleet/fleet.yaml'))));
