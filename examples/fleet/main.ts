import { join } from 'path';
import { App } from 'cdktf';
import { readFleet } from './fleet-file';
import { addFleet } from './stack';

// The whole fleet. An app writes all of its files, or none: it has an output of its own, beside that of the other examples.
const app = new App({ outdir: process.env.CDKTF_OUTDIR ?? 'cdktf.out/fleet' });
addFleet(app, readFleet(join(__dirname, 'fleet.yaml')));
app.synth();
