/**
 * What must never come back: it stands inside every secret. By itself it looks like no key, so that each form of secret is known by what
 * is around it.
 */
export const MARKED = 'zqhiddenmarkzq';

const body = `${MARKED}${'A'.repeat(40)}`;

/** Secrets as people have them at hand when they confuse options. */
export const SECRET_TEXTS: readonly string[] = [
  `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`,
  `-----BEGIN RSA PRIVATE KEY-----\n${body}\n-----END RSA PRIVATE KEY-----\n`,
  `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${body}\n-----END PGP PRIVATE KEY BLOCK-----\n`,
  `{"kty":"EC","crv":"P-256","x":"x","y":"y","d":"${body}"}`,
  `{"keys":[{"kty":"RSA","n":"n","e":"AQAB","d":"${body}"}]}`,
  `{"type":"service_account","private_key_id":"${body}","private_key":"-----BEGIN PRIVATE KEY-----\\n${body}\\n-----END PRIVATE KEY-----\\n"}`,
  `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.${body}`,
  `ghp_${body}`,
  `github_pat_${body}`,
  `glpat-${body}`,
  `AGE-SECRET-KEY-1${body}`,
  `aws_secret_access_key=${body}`,
  `https://user:${body}@example.com/`,
  `AccountKey=${body};EndpointSuffix=core.windows.net`,
];
