import { REPORTS } from './doctor-reports';
import { HARMLESS } from './doctor-reports/harmless';
import { NODE_HARMLESS } from './doctor-reports/nodes-harmless';
import { after, saidOf } from './doctor-reports/try';
import { EXAMPLES, examine, worldOf } from './doctor-world';
import { describeWith, FLUX_MANIFESTS, KUSTOMIZE, TERRAFORM } from './programs';
import { shownFindings } from '../../lib/doctor/finding';

describeWith([TERRAFORM, KUSTOMIZE, FLUX_MANIFESTS], 'the doctor, of reports by people who had not read it', () => {
  it.each([...HARMLESS, ...NODE_HARMLESS])('silent on what looks odd and works: %s', (_, done) => {
    let changed = 0;
    for (const example of EXAMPLES) {
      const world = after(example, done);
      if (JSON.stringify(world) === JSON.stringify(worldOf(example))) continue;
      changed += 1;
      expect([example, examine(world)]).toEqual([example, []]);
    }
    expect(changed).toBeGreaterThan(0);
  });

  it('enough of them', () => {
    expect(REPORTS.length).toBeGreaterThanOrEqual(100);
    expect(new Set(REPORTS.map(({ what }) => what)).size).toBe(REPORTS.length);
  });

  it.each(REPORTS.filter(({ verdict }) => verdict !== 'cannot be seen'))('$world, $verdict at $layer: $what', (report) => {
    const findings = saidOf(report);
    expect(findings.map(({ layer, verdict }) => [layer, verdict])).toEqual(findings.map(() => [report.layer, report.verdict]));
    expect(findings.length).toBeGreaterThanOrEqual(1);
    expect(findings.length).toBeLessThanOrEqual(2);
    expect(JSON.stringify(shownFindings(findings))).toMatch(report.names);
  });

  it.each(REPORTS.filter(({ verdict }) => verdict === 'cannot be seen'))('$world, silent on what its files do not show: $what', (report) => {
    expect(saidOf(report)).toEqual([]);
  });
});
