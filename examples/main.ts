import { App } from 'cdktf';
import { addExamples } from './stacks';
import { FluxAccessReport } from '../lib';

const app = new App();
addExamples(app);
// Who can do what, of every example: cdktf.out/flux-access.
new FluxAccessReport(app, 'Access');
app.synth();
