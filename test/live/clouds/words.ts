/** How a cloud refuses: by what code, and in what words. */
export interface Words {
  readonly code?: string;
  readonly says: string;
}

/** A reason of a stand-in, and what the cloud says of it: `$1` is what the reason says there. */
type Saying = readonly [reason: RegExp, says: string, code?: string];

/** Who may not do what on what. */
const FORBIDDEN = /^(\S+) may not (\S+) on (\S+)$/;

const AWS_FORBIDDEN: Saying = [FORBIDDEN, 'User: $1 is not authorized to perform: $2 on resource: $3 because no identity-based policy allows the $2 action'];

/** The services that have words of their own, with those of the rest of their cloud. */
const SAYINGS = {
  sts: [
    [/^no OIDC provider for (.+)$/, 'No OpenIDConnect provider found in your account for $1', 'InvalidIdentityToken'],
    [/^no client ID/, 'Incorrect token audience', 'InvalidIdentityToken'],
    [/discovery document|no applicable key/, 'Couldn\'t retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements',
      'InvalidIdentityToken'],
    [/trust policy|^no role/, 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 'AccessDenied'],
  ],
  aws: [AWS_FORBIDDEN],
  ecr: [
    [/^nobody holds this credential$/, 'Your authorization token has expired. Reauthenticate and try again.'],
    AWS_FORBIDDEN,
  ],
  entra: [
    [/^no federated credential for (https:.+)$/, 'AADSTS700211: No matching federated identity record found for presented assertion issuer \'$1\'.'],
    [/^no federated credential for (system:.+)$/, 'AADSTS700213: No matching federated identity record found for presented assertion subject \'$1\'.'],
    [/^no audience among (.+)$/, 'AADSTS700212: No matching federated identity record found for presented assertion audience \'$1\'.'],
    [/^no identity (.+)$/, 'AADSTS700016: Application with identifier \'$1\' was not found in the directory.'],
    [/discovery document/, 'AADSTS50166: Request to External OIDC endpoint failed.'],
    [/no applicable key/, 'AADSTS7000272: The certificate used to sign the federated credential could not be found in the metadata of the identity provider.'],
  ],
  azure: [[FORBIDDEN, 'The client \'$1\' does not have authorization to perform action \'$2\' over scope \'$3\' or the scope is invalid.', 'AuthorizationFailed']],
  vault: [[FORBIDDEN, 'Caller is not authorized to perform action on resource. Action: \'$2\' Resource: \'$3\'', 'Forbidden']],
  acr: [[FORBIDDEN, 'authentication required, visit https://aka.ms/acr/authorization for more information.']],
  googleSts: [
    [/^no provider/, 'The target service indicated by the "audience" parameters is invalid. This might either be because the pool or provider is disabled or '
      + 'deleted or because it doesn\'t exist.', 'invalid_target'],
    [/^the issuer is not (\S+), but (\S+)$/, 'The issuer in ID Token $2 does not match the expected ones: $1', 'invalid_grant'],
    [/^no audience among (.+)$/, 'The audience in ID Token [$1] does not match the expected audience.', 'invalid_grant'],
    [/attribute condition/, 'The given credential is rejected by the attribute condition.', 'unauthorized_client'],
    [/discovery document/, 'Error connecting to the given credential\'s issuer.', 'invalid_grant'],
  ],
  google: [[FORBIDDEN, 'Permission \'$2\' denied on resource \'$3\' (or it may not exist).']],
} satisfies { readonly [service: string]: readonly Saying[] };

/**
 * What a service says: the words that people report of it (docs/troubleshooting.md), and the stand-in's reason behind them. Where nothing
 * of it is known the reason alone.
 */
export function inWordsOf(service: keyof typeof SAYINGS, reason: string): Words {
  const saying = (SAYINGS[service] as readonly Saying[]).find(([form]) => form.test(reason));
  if (saying === undefined) return { says: reason };
  const [form, says, code] = saying;
  const [, ...parts] = form.exec(reason)!;
  return { code, says: `${says.replace(/\$(\d)/g, (_, index) => parts[Number(index) - 1])} (${reason})` };
}
