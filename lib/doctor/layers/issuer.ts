import { parseObject } from '../json';
import { Given, Judge, Refusal } from '../patient';

/** Whether the tokens are from the issuer that the clouds are told, where a token or the discovery document was given. */
export const judgeIssuer: Judge = ({ model, states, claims, discovery }, { trusts }) => {
  if (trusts === 'unknown' || !trusts.some(({ issuer }) => issuer === 'cluster')) return undefined;
  const wanted = states.text(model.cluster.issuer);
  if (wanted === undefined) return undefined;
  const differs = (what: string, saw: unknown, fix: string): Refusal | undefined => saw === undefined || saw === wanted ? undefined : {
    layer: 'issuer', saw: `${what} is ${String(saw)}`, expected: wanted, says: 'No OpenIDConnect provider found, AADSTS700211, or the issuer does not match', fix,
  };
  return differs('iss of the token', claims?.iss, 'give ClusterIssuer the issuer of this cluster, byte for byte, and apply; or the token is of another cluster')
    ?? differs('issuer of the discovery document', discovery?.issuer, 'publish a document that says the issuer, byte for byte (--service-account-issuer, the first one signs)');
};

/** Whether clouds that were given keys were given those that sign now, where the keys of the cluster were passed. */
export const judgeKeys: Judge = (given, { trusts, identity }) => {
  if (trusts === 'unknown' || given.jwks === undefined || identity.cloud !== 'gcp') return undefined;
  for (const anchor of trusts.map((trust) => given.states.text(trust.anchor))) {
    const provider = given.states.of('google_iam_workload_identity_pool_provider').find(({ values }) => values.name === anchor);
    const uploaded = keysOf(provider?.values.oidc?.[0]?.jwks_json);
    if (uploaded !== undefined && !isCovered(given, uploaded)) {
      return {
        layer: 'keys',
        saw: `keys of provider ${anchor}: ${uploaded.map(shortened).join(', ')}`,
        expected: `the keys of the cluster: ${given.jwks.keys.map(({ kid }) => kid === undefined ? '(without kid)' : shortened(kid)).join(', ')}`,
        says: 'invalid_grant: the signature of the token cannot be checked',
        fix: 'give the pool the keys of the cluster (jwks), and apply',
        page: 'docs/key-rotation.md',
      };
    }
  }
  return undefined;
};

/** The beginning tells them apart; those of Kubernetes are as long as secrets, and would not be shown. */
function shortened(kid: string): string {
  return kid.length > 12 ? `${kid.slice(0, 12)}...` : kid;
}

/** While keys are rotated, old and new stand beside each other: one that is known is enough to be silent. */
function isCovered({ jwks }: Given, uploaded: readonly string[]): boolean {
  return jwks!.keys.length === 0 || jwks!.keys.some(({ kid }) => kid === undefined || uploaded.includes(kid));
}

function keysOf(text: unknown): string[] | undefined {
  const keys = parseObject(text)?.keys;
  return Array.isArray(keys) ? keys.map(({ kid }) => String(kid)) : undefined;
}
