import { judge } from './judge';
import { SLOTS } from './slots';

/** What Terraform, JSON or YAML would take for something else than text. */
const LITERALS = ['${x}', '%{y}', '"q"', 'a\nb', '$${file("/etc/hostname")}%{ if true }'];

/** The judge sees what is executed only where a slot takes anything: these must be some of all clouds. */
const TAKERS = ['FluxIrsaRole(tags.team)', 'FluxGcpServiceAccount(displayName)', 'FluxAzureFederatedIdentity(tags.a)', 'FluxRemoteCluster.eks(caCertificate)'];

test.each(LITERALS)('%j is refused by name, or arrives as it is, in every slot', (text) => {
  const verdicts = SLOTS.map((slot) => ({ slot: slot.name, ...judge(slot, { as: 'within', text }) }));
  expect(verdicts.filter(({ kind }) => kind !== 'refused' && kind !== 'exact')).toEqual([]);
  const exact = verdicts.filter(({ kind }) => kind === 'exact').map(({ slot }) => slot);
  expect(TAKERS.filter((slot) => !exact.includes(slot) && !/tags|displayName/.test(slot))).toEqual([]);
  expect(exact.length).toBeGreaterThan(30);
});
