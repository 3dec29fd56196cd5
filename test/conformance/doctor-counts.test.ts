import { FAULTS } from './doctor-faults';
import { REPORTS } from './doctor-reports';
import { HARMLESS } from './doctor-reports/harmless';
import { NODE_HARMLESS } from './doctor-reports/nodes-harmless';
import { REWRITES } from './doctor-rewrites';
import { VARIATIONS } from './doctor-variations';
import { EXAMPLES } from './doctor-world';
import { holdTable } from '../tables';

test('the page counts what the doctor is tried on', () => {
  const isOfNodes = (world: string) => world.startsWith('nodes-');
  const reports = (verdict: string) => ((found) => `${found.length}, of nodes ${found.filter(({ world }) => isOfNodes(world)).length}`)(
    REPORTS.filter((report) => report.verdict === verdict),
  );
  holdTable('docs/conformance.md', 'doctor', ['what', 'how many', 'the doctor says'], [
    ['worlds as they are delivered', `${EXAMPLES.length}, of nodes ${EXAMPLES.filter(isOfNodes).length}`, 'nothing'],
    ['harmless variations', String(VARIATIONS.length), 'nothing, in every world that it changes'],
    ['what clouds and providers write otherwise, each with its source', String(REWRITES.length), 'nothing, in every world that it changes'],
    ['what looks odd to people and works', `${HARMLESS.length + NODE_HARMLESS.length}, of nodes ${NODE_HARMLESS.length}`, 'nothing, in every world that it changes'],
    ['single faults', String(FAULTS.length), 'the layer of each'],
    ['reports of people: refused', reports('refused'), 'the layer of each, and the evidence'],
    ['reports of people: what files do not decide', reports('cannot tell'), '"cannot tell", the layer of each, and the evidence'],
    ['reports of people: what files do not show', reports('cannot be seen'), 'nothing'],
  ]);
});
