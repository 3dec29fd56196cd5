import { App } from 'cdktf';
import { addExamples } from './stacks';

const app = new App();
addExamples(app);
app.synth();
