import { judge } from './judge';
import { SLOTS } from './slots';

/** What Terraform, JSON or YAML would take for something else than text. */
const LITERALS = ['${x}', '%{y}', '"q"', 'a\nb', '$${file("/etc/hostname")}%{ if true }'];

/** Its text is for Terraform, as the `yaml` of a delivery is: marks in it mean what they mean there. */
const TEMPLATE = 'FluxFile(content)';

/** Some that take any text, so that a judge who refuses everything is seen. */
const TAKERS = ['KmsPermissions.decryptByGrant(encryptionContext.app)', 'GcpPermission.of(condition.expression)', 'AzurePermission.of(condition)', 'FluxRemoteCluster.eks(caCertificate)'];

test.each(LITERALS)('%j is refused by name, or arrives as it is, in every slot of every cloud', (text) => {
  const verdicts = SLOTS.filter(({ name }) => name !== TEMPLATE).map((slot) => ({ slot: slot.name, ...judge(slot, { as: 'within', text }) }));
  expect(verdicts.filter(({ kind }) => kind !== 'refused' && kind !== 'exact')).toEqual([]);
  expect(verdicts.filter(({ slot, kind }) => TAKERS.includes(slot) && kind === 'exact').map(({ slot }) => slot).sort()).toEqual([...TAKERS].sort());
});

test('so is what stands around a value that only Terraform knows', () => {
  const verdicts = SLOTS.map((slot) => ({ slot: slot.name, ...judge(slot, { as: 'around', before: '$', after: '${file("/etc/hostname")}%{ if true }' }) }));
  expect(verdicts.filter(({ kind }) => kind !== 'refused' && kind !== 'exact')).toEqual([]);
  expect(verdicts.filter(({ slot, kind }) => TAKERS.includes(slot) && kind === 'exact').length).toBeGreaterThan(0);
});
