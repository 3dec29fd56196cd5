import { readFileSync } from 'fs';
import { join } from 'path';
import { LAYERS } from '../../lib/doctor/layers';
import { anchorOf, MESSAGES, messagesIn } from '../../lib/doctor/messages';

/** The texts of the page on clouds that fail: the words that a live Flux said. */
const FAILING = readFileSync(join(__dirname, '../../docs/flux/cloud-faults.md'), 'utf8').split('\n')
  .flatMap((line) => [...line.matchAll(/`([^`]+)`/g)].map(([, text]) => text).filter(() => line.startsWith('| ')));

test.each(FAILING.filter((text) => !/400/.test(text)))('what a live Flux said while a cloud failed is known: %s', (text) => {
  expect(messagesIn(text).map(({ layer }) => layer)).toEqual(['network']);
});

test('the page has them', () => {
  expect(FAILING.length).toBe(15);
});

const ALL = Object.values(MESSAGES).flat();

test.each(ALL.map((message) => [message.title, message] as const))('%s: its own sample finds it, alone', (_, message) => {
  expect(messagesIn(message.sample).map((found) => found.message.title)).toEqual([message.title]);
  expect(LAYERS[message.layer]).toBeDefined();
});

test('each has an anchor of its own on the page', () => {
  const anchors = ALL.map(anchorOf);
  expect(new Set(anchors).size).toBe(anchors.length);
  expect(anchors.filter((anchor) => !/^[a-z0-9_-]+$/.test(anchor))).toEqual([]);
});

test('what a message says of the request is taken from it', () => {
  expect(messagesIn('AADSTS700213: No matching federated identity record found for presented assertion subject \'system:serviceaccount:a:b\'. Check')[0])
    .toMatchObject({ layer: 'trust', said: { subject: 'system:serviceaccount:a:b' } });
  expect(messagesIn('User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: ecr:ListImages on resource: arn:aws:ecr:eu-west-1:1:repository/a '
    + 'because no identity-based policy allows the ecr:ListImages action')[0])
    .toMatchObject({ layer: 'permission', said: { action: 'ecr:ListImages', resource: 'arn:aws:ecr:eu-west-1:1:repository/a' } });
});

test('errors as controllers hand them on: around, in JSON, in several lines', () => {
  expect(messagesIn('{"level":"error","error":"failed to create provider access token: serviceaccounts \\"flux\\" is forbidden: User '
    + '\\"system:serviceaccount:flux-system:source-controller\\" cannot create resource \\"serviceaccounts/token\\" in API group \\"\\""}')
    .map(({ layer }) => layer)).toEqual(['token right']);
  expect(messagesIn('failed to decrypt sops data key with Azure Key Vault key\nRESPONSE 403: 403 Forbidden\nERROR CODE: Forbidden\n{ "message": '
    + '"Caller is not authorized to perform action on resource.\\r\\nCaller: appid=1;oid=2\\r\\nAction: \'Microsoft.KeyVault/vaults/keys/decrypt/action\'\\r\\n"')[0])
    .toMatchObject({ layer: 'permission', said: { action: 'Microsoft.KeyVault/vaults/keys/decrypt/action' } });
});

test('errors as a live source-controller said them, behind its own words and those of the SDKs', () => {
  const layers = (text: string) => messagesIn(text).map(({ layer }) => layer);
  expect(layers('AuthenticationFailed: AWS authentication failed: failed to create provider access token for the controller: failed to refresh cached '
    + 'credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata, access disabled to EC2 IMDS via client option')).toEqual(['pod']);
  expect(layers('failed to confirm existence of \'acme-teama\' bucket: Get "https://storage.googleapis.com/storage/v1/b/acme-teama?alt=json": failed to get '
    + 'service account \'team-a/flux\': ServiceAccount "flux" not found')).toEqual(['account']);
  expect(messagesIn('AuthenticationFailed: failed to get credential: serviceaccount \'team-a/flux\' not found')[0])
    .toMatchObject({ layer: 'account', said: { account: 'team-a/flux' } });
  expect(layers('failed to get configmap: configmaps "remote-azure" not found')).toEqual(['settings']);
  expect(layers('OCIArtifactPullFailed: GET https://registry.example.com/v2/apps/manifests/v1: UNAUTHORIZED: authentication required')).toEqual(['flux object']);
  expect(layers('      --watch-label-selector string   Watch for resources with matching labels.\nunknown flag: --no-cross-namespace-refs')).toEqual(['gate']);
});

test('several messages come in the order of the layers', () => {
  expect(messagesIn('AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\nServiceAccount "flux" not found').map(({ layer }) => layer))
    .toEqual(['account', 'trust']);
});

test('a text that says nothing known finds nothing', () => {
  expect(messagesIn('context deadline exceeded')).toEqual([]);
});

test('nothing that looks like a token is taken from a text', () => {
  const token = `eyJ${'hbGciOiJSUzI1NiJ9'.repeat(20)}.eyJpc3MiOiJ4In0.c2lnbmF0dXJl`;
  for (const { sample } of ALL) {
    for (const text of [`${sample} ${token}`, `${token} ${sample}`, sample.replace(/'[^']+'|https:\/\/\S+/g, (all) => all[0] === '\'' ? `'${token}'` : token)]) {
      expect(JSON.stringify(messagesIn(text).map(({ said }) => said))).not.toContain('eyJ');
    }
  }
});
