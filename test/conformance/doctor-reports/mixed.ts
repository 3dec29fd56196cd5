import { Report } from './report';

const CROSS = 'flux-cross-cloud';
const TENANTS = 'flux-multi-tenant';
const SOURCE = 'source-controller';
const KUSTOMIZE = 'kustomize-controller';

/** Three clouds on one controller, and tenants under a lockdown. */
export const MIXED_REPORTS: readonly Report[] = [
  {
    what: 'AKS to AWS: the OIDC provider was made without the slash at the end',
    world: CROSS,
    done: (c) => {
      const values = c.resource('aws_iam_openid_connect_provider');
      values.url = values.url.replace(/\/$/, '');
      values.arn = values.arn.replace(/\/$/, '');
    },
    verdict: 'refused',
    layer: 'trust anchor',
    names: /oic\.prod-aks/,
  },
  {
    what: 'the file of the web identity token is the one of Azure',
    world: CROSS,
    done: (c) => c.env(SOURCE, 'AWS_WEB_IDENTITY_TOKEN_FILE', '/var/run/secrets/azure/tokens/azure-identity-token'),
    verdict: 'refused',
    layer: 'settings',
    names: /azure-identity-token/,
  },
  {
    what: 'an OCIRepository of the tenant says gcp of a registry of AWS',
    world: CROSS,
    done: (c) => c.apply('OCIRepository', 'team-a', 'mixed', {
      url: 'oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/team-a/web', provider: 'gcp', serviceAccountName: 'flux',
    }),
    verdict: 'refused',
    layer: 'flux object',
    names: /provider|gcp/,
  },
  {
    what: 'the annotation of one cloud of three was lost',
    world: CROSS,
    done: (c) => { delete c.annotations('team-a', 'flux')['gcp.auth.fluxcd.io/workload-identity-provider']; },
    verdict: 'refused',
    layer: 'settings',
    names: /workload-identity-provider/,
  },
  {
    what: 'the default account of a tenant was deleted',
    world: TENANTS,
    done: (c) => c.remove(c.account('team-a', 'flux')),
    verdict: 'refused',
    layer: 'account',
    names: /team-a\/flux/,
  },
  {
    what: 'a patch by hand replaced the arguments of kustomize-controller',
    world: TENANTS,
    done: (c) => {
      c.apply('Kustomization', 'team-a', 'secret', {
        path: './', prune: true, sourceRef: { kind: 'OCIRepository', name: 'apps' }, decryption: { provider: 'sops' },
      });
      c.args(KUSTOMIZE, (args) => args.filter((each) => !each.includes('decryption-service-account')));
    },
    verdict: 'refused',
    layer: 'flux object',
    names: /flux-system\/kustomize-controller/,
  },
  {
    what: 'the multi-tenancy patch went to every Deployment: source-controller does not know the flag and exits',
    world: TENANTS,
    done: (c) => {
      c.args(SOURCE, (args) => [...args, '--no-cross-namespace-refs=true']);
      c.pods(SOURCE).forEach(({ status }) => {
        status.containerStatuses = [{
          name: 'manager', ready: false, restartCount: 12, state: { waiting: { reason: 'CrashLoopBackOff' } },
        }];
      });
    },
    verdict: 'refused',
    layer: 'gate',
    names: /no-cross-namespace-refs/,
  },
  {
    what: 'the default account of the flag is another than the tenants have',
    world: TENANTS,
    done: (c) => {
      c.apply('OCIRepository', 'team-a', 'web', { url: 'oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/team-a/web', provider: 'aws' });
      c.args(SOURCE, (args) => args.map((each) => each.startsWith('--default-service-account') ? '--default-service-account=default' : each));
    },
    verdict: 'refused',
    layer: 'flux object',
    names: /team-a\/default/,
  },
];
