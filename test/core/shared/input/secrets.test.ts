import { generateKeyPairSync, randomBytes } from 'crypto';
import { hasUrlCredential, withoutSecrets } from '../../../../lib/core/shared/input/secrets';
import { shown } from '../../../../lib/core/shared/input/validation-error';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const JWK = JSON.stringify(privateKey.export({ format: 'jwk' }));

/** Made up, each with a mark that no error may hold. */
const SECRETS: { readonly [what: string]: readonly [text: string, mark: string] } = {
  'a PEM private key': [PEM, PEM.slice(100, 120)],
  'a PEM private key on one line': [PEM.replace(/\n/g, '\\n'), PEM.slice(100, 120)],
  'a PEM private key in base64': [Buffer.from(PEM).toString('base64'), Buffer.from(PEM).toString('base64').slice(100, 120)],
  'a line of a PEM private key': [PEM.split('\n')[3], PEM.split('\n')[3].slice(4, 20)],
  'a private JWK': [JWK, JSON.parse(JWK).d.slice(0, 16)],
  'a JWKS with a private key': [`{"keys":[${JWK}]}`, JSON.parse(JWK).d.slice(0, 16)],
  'a path made of a JWK': [`/keys/${JWK}`, JSON.parse(JWK).d.slice(0, 16)],
  'an AWS access key ID': ['AKIAIOSFODNN7MARKEDX', 'ODNN7MARKED'],
  'an AWS secret access key': ['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', 'bPxRfiCYMARKED'],
  'a JSON Web Token': ['eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJNQVJLRUQifQ.c2lnbmF0dXJlTUFSS0VE', 'c2lnbmF0dXJlTUFSS0VE'],
  'a password in a URL': ['https://flux:Marked-Secret@git.example.com/fleet', 'Marked-Secret'],
  'a password in an address without scheme': ['flux:Marked-Secret@git.example.com', 'Marked-Secret'],
  'a token in a URL': ['https://ghp_MarkedMarked0123456789@github.com/acme/fleet', 'MarkedMarked'],
  'a GitHub token': ['ghp_MarkedMarked0123456789', 'MarkedMarked'],
  'a client secret of Entra ID': ['abc8Q~MarkedMarked.marked_marked~marked-12', 'MarkedMarked'],
  'a storage connection string': ['DefaultEndpointsProtocol=https;AccountName=a;AccountKey=TWFya2Vk/MarkedMarked==', 'MarkedMarked'],
  'a SAS': ['https://a.blob.core.windows.net/c?sv=2024&sig=MarkedMarked%3D', 'MarkedMarked'],
  'an age key': ['AGE-SECRET-KEY-1MARKEDMARKEDMARKED', 'MARKEDMARKED'],
  'a key in hexadecimal': ['0123456789abcdef'.repeat(4), 'abcdef0123456789abcdef'],
};

test('a password beside a token', () => {
  expect(shown('https://me:s3cret${TfToken[TOKEN.1]}@example.com/${TfToken[TOKEN.2]}'))
    .toBe('"https://<not shown: it could be a secret>@example.com/<a value known at apply>"');
});

test('one character many times is shown: it is no key', () => expect(shown('a'.repeat(70))).toBe(`"${'a'.repeat(70)}"`));

test.each(Object.entries(SECRETS))('%s is not shown', (_, [text, mark]) => {
  expect(text).toContain(mark);
  for (const value of [text, [text], { value: text }, `${'x'.repeat(150)} ${text}`, ` ${text}`]) expect(shown(value)).not.toContain(mark);
});

test('keys of 30 bytes and more are not shown, whoever made them', () => {
  const seen = Array.from({ length: 300 }, (_, index) => {
    const key = randomBytes(30 + index % 10).toString(index % 2 ? 'base64' : 'base64url');
    return withoutSecrets(key) === key ? key : undefined;
  });
  expect(seen.filter((key) => key !== undefined).length).toBeLessThanOrEqual(3);
});

test.each([
  'arn:aws:iam::111122223333:role/acme/platform/FluxSourceController-EuWest1', 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE',
  'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab', '1234abcd-12ab-34cd-56ef-1234567890ab',
  '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg1/providers/Microsoft.KeyVault/vaults/acmeProd2026Vault',
  'projects/acme-prod/locations/europe-west1/keyRings/Flux2/cryptoKeys/Sops2026', 'AmazonEKSClusterAdminPolicy', 'system:serviceaccount:flux-system:source-controller',
  'https://westeurope.oic.prod-aks.azure.com/00000000-0000-0000-0000-00000000000a/00000000-0000-0000-0000-00000000000c/', 'flux@acme-prod.iam.gserviceaccount.com',
  'serviceAccount:flux@acme-prod.iam.gserviceaccount.com', '9e99a48a9960b14926bb7f3b02e22da2b0ab7280', 'secretName', 'token', 'a sentence with a Secret in it', 'fluxSourceController2FromEurope',
  'clusters/prod/flux-system/kustomization.yaml', '111122223333.dkr.ecr.eu-west-1.amazonaws.com/apps/podinfo:6.7.1', 'x'.repeat(100),
])('%s is shown', (text) => expect(shown(text)).toBe(`"${text}"`));

test('objects say what they are only by their prototype', () => {
  expect(shown(Object.assign(Object.create(null), { a: 1 }))).toBe('{"a":1}');
  expect(shown({ constructor: { name: 'secret' } })).toBe('{"constructor":{"name":"secret"}}');
  expect(shown(new (class {})())).toBe('a value of type Object');
  expect(shown(new Map([['a', 'b']]))).toBe('a value of type Map');
  expect(shown({ toJSON: () => { throw new Error('x'); } })).toBe('an object');
});

test.each([
  'https://flux:hunter2@git.example.com/fleet', 'https://ghp_abcdef@github.com/acme/fleet', 'ssh://git:hunter2@git.example.com', 'oci://x@ghcr.io/a', 'HTTPS://:hunter2@a.b',
  'flux:hunter2@git.example.com/fleet', 'url: "https://flux:${TfToken[TOKEN.1]}@git.example.com"', '[{"value":"http://u:p@proxy:3128"}]', 'https://${USER}x:p@a.b',
])('%s carries a credential', (text) => expect(hasUrlCredential(text)).toBe(true));

test.each([
  'https://git.example.com/fleet@main', 'ssh://git@github.com/acme/fleet', 'git@github.com:acme/fleet.git', 'ghcr.io/fluxcd/x:v1@sha256:0123', 'podinfo:6.7@sha256:0123',
  '[{"url":"https://a.example.com","mail":"me@example.com"}]', 'https://${user}:${password}@git.example.com', 'http://$(USER):$(PASSWORD)@proxy:3128', 'https://a.b/?x=y@z',
  "url: 'https://a.example.com'\nmail: 'x:y@example.com'", 'serviceAccountName: flux', 'https://${TfToken[TOKEN.1]}/x@y',
])('%s carries none', (text) => expect(hasUrlCredential(text)).toBe(false));
