import { writeFileSync } from 'fs';
import { App } from 'cdktf';
import { addExamples } from '../examples/stacks';
import { addressesOf } from '../lib/testing';

/** Records the addresses of the examples; what goes from the record needs a `moved` block and its line in docs/upgrading.md. */
const app = new App();
addExamples(app);
writeFileSync('test/examples/addresses.json', `${JSON.stringify(addressesOf(app), null, 2)}\n`);
