import { ClusterIssuer } from '../../../../lib/core/cluster-issuer';
import { FluxVersion } from '../../../../lib/core/flux-version';
import { FluxFile } from '../../../../lib/flux/flux-file';
import { FluxInstallation } from '../../../../lib/flux/flux-installation';
import { FluxTenant } from '../../../../lib/flux/flux-tenant';
import { refused, stack } from '../../../support';

const flux = () => {
  const s = stack();
  const issuer = ClusterIssuer.oidc(s, 'Cluster', { url: 'https://oidc.example.com' });
  return { s, installation: new FluxInstallation(s, 'Flux', { issuer, version: FluxVersion.V2_9 }) };
};

test('a class that leaves nothing behind is the class of its instances, and of those of its subclasses', () => {
  class Mine extends FluxTenant {}
  const { s, installation } = flux();
  const tenant = new FluxTenant(s, 'A', { installation, namespace: 'a' });
  const mine = new Mine(s, 'B', { installation, namespace: 'b' });
  expect([tenant.constructor, mine.constructor]).toEqual([FluxTenant, Mine]);
  expect([tenant instanceof FluxTenant, tenant instanceof Mine, mine instanceof FluxTenant, mine instanceof Mine]).toEqual([true, false, true, true]);
  expect([tenant.constructor.name, mine.constructor.name]).toEqual(['FluxTenant', 'Mine']);
});

test('ids that constructs changes are free again too', () => {
  const { s, installation } = flux();
  const before = s.node.children;
  refused(() => new FluxTenant(s, 'team/a', { installation, namespace: 'flux-system' }));
  expect(s.node.children).toEqual(before);
  expect(new FluxTenant(s, 'team/a', { installation, namespace: 'a' }).node.path).toBe('test/team--a');
});

test('what had the id before stays', () => {
  const s = stack();
  const first = ClusterIssuer.oidc(s, 'A', { url: 'https://oidc.example.com' });
  refused(() => new FluxFile(s, 'A', { path: 'a', content: 'b' }));
  expect(s.node.children).toEqual([first]);
});
