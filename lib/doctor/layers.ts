/** The layers that a request of Flux passes, in the order in which it passes them, and what each decides. */
export const LAYERS = {
  'flux object': 'what the Flux object says: provider, account, address',
  'flux version': 'whether this Flux knows what the object asks for',
  'controller': 'whether the controller of the object runs',
  'account': 'the Kubernetes service account',
  'settings': 'what account and controller are told: annotations, environment, mounts, ConfigMaps',
  'pod': 'what the running pod has of it',
  'gate': 'feature gates, flags and the lockdown of tenants',
  'token right': 'whether a controller may ask for tokens of the account',
  'network': 'whether the controller reaches the token service of the cloud, and it answers',
  'issuer': 'who the tokens say that they are from',
  'keys': 'whether the cloud can check their signature',
  'trust anchor': 'whether the cloud trusts the issuer',
  'trust': 'whether the identity lets audience and subject in',
  'identity': 'whether there is such an identity',
  'permission': 'what the identity may do: policy, role, condition',
  'owner': 'what the owner of the resource or of the organization says to it',
} as const;

/** One layer. */
export type Layer = keyof typeof LAYERS;

const ORDER = Object.keys(LAYERS) as Layer[];

/** Which of two layers a request passes first. */
export function byLayer(left: { readonly layer: Layer }, right: { readonly layer: Layer }): number {
  return ORDER.indexOf(left.layer) - ORDER.indexOf(right.layer);
}
