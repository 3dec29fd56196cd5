import { lightToken, onceForEach } from './light-token';

/**
 * What clouds make of identities: ARNs, IDs and e-mail addresses, which hold no line end. Names that people choose are not among them,
 * nor is what stands in the ARN or ID of other resources: the key of an object in a bucket may be any text.
 */
const MADE_BY_A_CLOUD = new RegExp([
  /^(data\.)?/,
  /(aws_iam_\w+|aws_eks_\w+|azurerm_user_assigned_identity|azuread_(application|service_principal)|google_service_account)/,
  /\.[\w-]+(\[\d+\])?\.(arn|id|\w+_id|email)$/,
].map((part) => part.source).join(''));

/**
 * JSON as YAML takes it too: Terraform's `jsonencode` leaves one line end of YAML as it is, U+0085. The functions of cdktf break the
 * backslashes in these arguments, so that the call is written here.
 *
 * @param encoded a call of `jsonencode`, as a token
 */
export const lineSafe = onceForEach((encoded) => lightToken((context) => {
  const found: unknown = context.resolve(encoded as any);
  const call = context.suppressBraces ? String(found) : /^\$\{([\s\S]*)\}$/.exec(String(found))![1];
  if (isSafe(call)) return found;
  const safe = `replace(${call}, "\\u0085", "\\\\u0085")`;
  return context.suppressBraces ? safe : `\${${safe}}`;
}));

function isSafe(call: string): boolean {
  const argument = /^jsonencode\(([\s\S]*)\)$/.exec(call)?.[1];
  if (argument === undefined) return false;
  const quoted = /^"((?:[^"\\$]|\$\{[^{}"]*\})*)"$/.exec(argument)?.[1];
  const references = quoted === undefined ? [argument] : [...quoted.matchAll(/\$\{([^{}"]*)\}/g)].map(([, reference]) => reference);
  return references.every((reference) => MADE_BY_A_CLOUD.test(reference));
}
