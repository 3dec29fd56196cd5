import { Collected } from './hands';
import { Report } from './report';

const AKS = 'nodes-aks';
const MIXED = 'nodes-aks-mixed';
const SOURCE = 'source-controller';
const REFLECTOR = 'image-reflector-controller';
const oci = (c: Collected) => c.objects.find(({ kind, metadata }) => kind === 'OCIRepository' && metadata.namespace === 'flux-system');
const withoutClient = (c: Collected, controller: string) => c.containers(controller).forEach((container) => {
  container.env = container.env.filter(({ name }: { name: string }) => name !== 'AZURE_CLIENT_ID');
});
const assignment = (c: Collected) => c.resource('azurerm_role_assignment', 'registries/acmeregistry');

/** The kubelet identity of an AKS cluster acts: https://fluxcd.io/flux/integrations/azure/#at-the-node-level. */
export const NODE_AZURE_REPORTS: readonly Report[] = [
  {
    what: 'nodes of AKS: an OCIRepository forgot its provider',
    world: AKS,
    done: (c) => { delete oci(c).spec.provider; },
    verdict: 'refused',
    layer: 'flux object',
    names: /provider/,
  },
  {
    what: 'nodes of AKS: an ImageRepository says gcp',
    world: MIXED,
    done: (c) => { c.objects.find(({ kind, metadata }) => kind === 'ImageRepository' && metadata.namespace === 'flux-system').spec.provider = 'gcp'; },
    verdict: 'refused',
    layer: 'flux object',
    names: /gcp/,
  },
  {
    what: 'nodes of AKS: the object names an account that has no identity',
    world: AKS,
    done: (c) => {
      c.objects.push({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: 'flux-system', name: 'default' } });
      oci(c).spec.serviceAccountName = 'default';
    },
    verdict: 'refused',
    layer: 'flux object',
    names: /default/,
  },
  {
    what: 'nodes of AKS: a pull secret beside the provider',
    world: MIXED,
    done: (c) => { oci(c).spec.secretRef = { name: 'regcred' }; },
    verdict: 'refused',
    layer: 'flux object',
    names: /secretRef|regcred/,
  },
  {
    what: 'nodes of AKS: no client ID, and the nodes carry several identities',
    world: AKS,
    done: (c) => withoutClient(c, SOURCE),
    verdict: 'refused',
    layer: 'settings',
    names: /AZURE_CLIENT_ID/,
  },
  {
    what: 'nodes of AKS: the client ID is that of the control plane',
    world: MIXED,
    done: (c) => c.env(SOURCE, 'AZURE_CLIENT_ID', '5b2f3a10-0000-4000-8000-00000000cafe'),
    verdict: 'refused',
    layer: 'settings',
    names: /AZURE_CLIENT_ID/,
  },
  {
    what: 'nodes of AKS: the client ID is the object ID',
    world: MIXED,
    done: (c) => c.env(REFLECTOR, 'AZURE_CLIENT_ID', '5b2f3a10-0000-4000-8000-00000000b1ec'),
    verdict: 'refused',
    layer: 'settings',
    names: /AZURE_CLIENT_ID/,
  },
  {
    what: 'nodes of AKS: the pod is older than the client ID',
    world: AKS,
    done: (c) => c.podsWithout(SOURCE, /^AZURE_CLIENT_ID$/),
    verdict: 'refused',
    layer: 'pod',
    names: /AZURE_CLIENT_ID/,
  },
  {
    what: 'nodes of AKS: the cluster was made anew, with a kubelet identity of its own',
    world: MIXED,
    done: (c) => {
      c.resource('azurerm_kubernetes_cluster').kubelet_identity[0] = {
        client_id: '99999999-0000-4000-8000-00000000c11e', object_id: '99999999-0000-4000-8000-00000000b1ec', user_assigned_identity_id: '',
      };
    },
    verdict: 'refused',
    layer: 'identity',
    names: /99999999-0000-4000-8000-00000000/,
  },
  {
    what: 'nodes of AKS: the controller has the label and the annotation of Workload Identity: the token comes first',
    world: MIXED,
    done: (c) => {
      c.annotations('flux-system', SOURCE)['azure.workload.identity/client-id'] = '77777777-0000-4000-8000-000000000000';
      c.template(SOURCE).metadata.labels['azure.workload.identity/use'] = 'true';
      c.pods(SOURCE).forEach(({ metadata, spec }) => {
        metadata.labels['azure.workload.identity/use'] = 'true';
        spec.containers[0].env.push(
          { name: 'AZURE_FEDERATED_TOKEN_FILE', value: '/var/run/secrets/azure/tokens/azure-identity-token' },
          { name: 'AZURE_TENANT_ID', value: '77777777-0000-4000-8000-00000000aaaa' },
        );
      });
    },
    verdict: 'refused',
    layer: 'settings',
    names: /AZURE_FEDERATED_TOKEN_FILE|azure\.workload\.identity\/use/,
  },
  {
    what: 'nodes of AKS: a client secret in the environment comes first',
    world: AKS,
    done: (c) => c.containers(SOURCE).forEach((container) => container.env.push(
      { name: 'AZURE_TENANT_ID', value: '77777777-0000-4000-8000-00000000aaaa' },
      { name: 'AZURE_CLIENT_SECRET', valueFrom: { secretKeyRef: { name: 'azure', key: 'secret' } } },
    )),
    verdict: 'refused',
    layer: 'settings',
    names: /AZURE_CLIENT_SECRET/,
  },
  {
    what: 'nodes of AKS: AcrPull is not assigned',
    world: AKS,
    done: (c) => c.lose('azurerm_role_assignment', 'registries/acmeregistry'),
    verdict: 'refused',
    layer: 'permission',
    names: /acmeregistry|AcrPull|7f951dda/,
  },
  {
    what: 'nodes of AKS: AcrPull is assigned to the identity of the control plane',
    world: AKS,
    done: (c) => { assignment(c).principal_id = '5b2f3a10-0000-4000-8000-00000000c0de'; },
    verdict: 'refused',
    layer: 'permission',
    names: /acmeregistry|AcrPull|7f951dda/,
  },
  {
    what: 'nodes of AKS: AcrPull is on another registry',
    world: AKS,
    done: (c) => c.edit(assignment(c), 'scope', (text) => text.replace('acmeregistry', 'acmestaging')),
    verdict: 'refused',
    layer: 'permission',
    names: /acmeregistry|acmestaging|AcrPull|7f951dda/,
  },
  {
    what: 'nodes of AKS: an object asks for a registry that nobody granted',
    world: AKS,
    done: (c) => c.apply('OCIRepository', 'apps', 'secret', { provider: 'azure', url: 'oci://acmesecret.azurecr.io/app' }),
    verdict: 'cannot tell',
    layer: 'permission',
    names: /acmesecret/,
  },
  {
    what: 'nodes of AKS: source-controller is not installed',
    world: AKS,
    done: (c) => { c.remove(c.deployment(SOURCE)); c.pods(SOURCE).forEach((pod) => c.remove(pod)); },
    verdict: 'refused',
    layer: 'controller',
    names: /source-controller/,
  },
  {
    what: 'nodes of AKS beside a tenant: the client ID of the tenant is that of the nodes',
    world: MIXED,
    done: (c) => { c.annotations('team-a', 'flux')['azure.workload.identity/client-id'] = '5b2f3a10-0000-4000-8000-00000000c11e'; },
    verdict: 'refused',
    layer: 'settings',
    names: /client-id/,
  },
];
