import { REPORTS } from './doctor-reports';
import { saidOf } from './doctor-reports/try';
import { describeWith, FLUX_MANIFESTS, KUSTOMIZE, TERRAFORM } from './programs';
import { shownFindings } from '../../lib/doctor/finding';

describeWith([TERRAFORM, KUSTOMIZE, FLUX_MANIFESTS], 'the doctor, of reports by people who had not read it', () => {
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
