import { Fn, TerraformOutput, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { LENGTHS, principal, SITES } from './late-sites';
import { eks, gkePool, messageOf, ownPool, resources, SOURCE, stackOf, synth } from './setup';
import {
  CloudStoragePermissions, ClusterIssuer, FluxGcpBucketRole, FluxGcpPrincipal, FluxGcpServiceAccount, FluxGcpServiceAccountKey, FluxGcpWorkloadPool,
  GcpPermission, GcpResource, GcsHostedIssuer, GkePermissions, Jwks,
} from '../../lib';
import { jwksText, signingKey } from '../tokens';

const LITERAL = '${file("/etc/hostname")}%{if true}';
const ESCAPED = '$${file("/etc/hostname")}%%{if true}';
const variable = (stack: TerraformStack, id = 'value'): string => (
  (stack.node.tryFindChild(id) as TerraformVariable | undefined) ?? new TerraformVariable(stack, id, { type: 'string' })
).stringValue;

describe('literals stay literals', () => {
  test('of a pool and its provider', () => {
    const stack = stackOf();
    new FluxGcpWorkloadPool(stack, `a${LITERAL.replace(/\//g, '')}`, {
      issuer: eks(stack),
      poolId: 'prod-eks',
      projectNumber: '123456789012',
      displayName: '${upper("x")}%{if true}',
      description: LITERAL,
      attributeCondition: `assertion.sub == '${LITERAL}'`,
      allowedAudiences: [LITERAL],
    });
    const [pool] = resources(stack, 'google_iam_workload_identity_pool');
    const [provider] = resources(stack, 'google_iam_workload_identity_pool_provider');
    expect([pool.description, provider.description]).toEqual([ESCAPED, ESCAPED]);
    expect([pool.display_name, provider.display_name]).toEqual(Array(2).fill('$${upper("x")}%%{if true}'));
    expect(provider.attribute_condition).toBe(`assertion.sub == '${ESCAPED}'`);
    expect(provider.oidc.allowed_audiences).toContain(ESCAPED);
    expect(provider.lifecycle.postcondition[0].error_message).toContain('a$${file("etchostname")}%%{if true} is not');
  });

  test('of the keys and the URL of a cluster', async () => {
    const stack = stackOf();
    const keys = JSON.parse(jwksText(await signingKey()));
    keys.keys[0].kid = LITERAL;
    const issuer = ClusterIssuer.oidc(stack, 'Cluster', { url: 'https://oidc.example.com', jwks: Jwks.fromText(JSON.stringify(keys)) });
    new FluxGcpWorkloadPool(stack, 'Pool', { issuer, poolId: 'prod-eks', namespaces: ['a'] });
    const [{ oidc }] = resources(stack, 'google_iam_workload_identity_pool_provider');
    expect(oidc.jwks_json).toContain('"kid":"$${file(\\"/etc/hostname\\")}%%{if true}"');
  });

  test('of service accounts, keys, roles, conditions and labels', async () => {
    const stack = stackOf();
    new FluxGcpServiceAccountKey(stack, 'Key', {
      accountId: 'flux-apps', serviceAccounts: [SOURCE], displayName: LITERAL, description: LITERAL, keepers: { [LITERAL]: LITERAL },
    });
    new FluxGcpBucketRole(stack, 'Role', { roleId: 'bucketReader', title: LITERAL });
    principal(stack).grant('Apps', CloudStoragePermissions.read('acme-flux', { condition: { title: LITERAL, expression: `"${LITERAL}"`, description: LITERAL } }));
    new GcsHostedIssuer(stack, 'Issuer', { bucketName: 'acme-oidc', location: LITERAL, jwks: Jwks.fromText(jwksText(await signingKey())), previousIssuers: [] });
    const [account] = resources(stack, 'google_service_account');
    expect([account.display_name, account.description]).toEqual([ESCAPED, ESCAPED]);
    expect(resources(stack, 'google_service_account_key')[0].keepers).toEqual({ [ESCAPED]: ESCAPED });
    expect(resources(stack, 'google_project_iam_custom_role')[0].title).toBe(ESCAPED);
    expect(resources(stack, 'google_storage_bucket_iam_member')[0].condition).toEqual({ title: ESCAPED, expression: `"${ESCAPED}"`, description: ESCAPED });
    expect(resources(stack, 'google_storage_bucket')[0].location).toBe(ESCAPED);
  });

  test.each<[string, (stack: TerraformStack, value: string) => unknown]>([
    ['pool id', (stack, poolId) => new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId })],
    ['project', (stack, project) => new FluxGcpServiceAccount(stack, 'A', { pool: gkePool(stack), serviceAccounts: [SOURCE], accountId: 'flux-apps', project })],
    ['GKE cluster', (stack, name) => principal(stack).grant('G', GkePermissions.access(`projects/acme-prod/locations/eu/clusters/${name}`))],
    ['role', (stack, role) => principal(stack).grant('G', GcpPermission.of({ role, resource: GcpResource.project('acme-prod') }))],
    ['universe domain', (stack, universeDomain) => new FluxGcpPrincipal(stack, 'P', { pool: ownPool(stack), serviceAccounts: [SOURCE], universeDomain })],
  ])('beside a token too: %s', (what, make) => {
    const stack = stackOf();
    expect(messageOf(() => make(stack, `\${file("x")}-${variable(stack)}`))).toContain(`${what} "`);
  });
});

describe('what only Terraform knows', () => {
  const PATTERN = /^\$\{can\(regex\("([^"]*)", (?:var\.value|"[^"]*\$\{var\.value\}")\)\)(?: && !can\(regex\("([^"]*)", var\.value\)\))?\}$/;

  /** The preconditions of every resource of a stack. */
  const preconditions = (stack: TerraformStack): { condition: string; error_message: string }[] => Object.values<any>(synth(stack).resource ?? {})
    .flatMap((byId) => Object.values<any>(byId)).flatMap(({ lifecycle }) => lifecycle?.precondition ?? []);

  test.each(SITES)('%s "%s" passes, and %j do not', (what, good, bad, make) => {
    const stack = stackOf();
    make(stack, variable(stack));
    const found = preconditions(stack).filter(({ error_message }) => error_message.startsWith(`The ${what} of `));
    expect(found.length).toBeGreaterThan(0);
    for (const { condition } of found) {
      const [, pattern, refused] = PATTERN.exec(condition)!;
      expect(`${pattern}${refused}`).not.toMatch(/\\|\(\?/);
      const holds = (value: string) => new RegExp(pattern).test(value) && !(refused !== undefined && new RegExp(refused).test(value));
      expect([good, ...bad].filter(holds)).toEqual([good]);
    }
  });

  test.each(LENGTHS)('the length of a %s', (what, make, limit) => {
    const stack = stackOf();
    make(stack, `a-${variable(stack)}`);
    const [{ condition }] = preconditions(stack).filter(({ error_message }) => error_message.startsWith(`The ${what} of `));
    expect(condition).toBe(`\${(sum([2, (length(var.value) * 1)]) <= ${limit})}`);
    expect(messageOf(() => make(stackOf('other'), `${variable(stack)}${'x'.repeat(limit + 1)}`))).toContain(`shorten the ${what}`);
  });

  test('in two parts of one name: the whole is checked, and goes into the condition on the cluster as it is', () => {
    const stack = stackOf();
    principal(stack).grant('G', GkePermissions.access(`projects/${variable(stack, 'project')}/locations/eu/clusters/${variable(stack)}`));
    const [member] = resources(stack, 'google_project_iam_member');
    expect(member.lifecycle.precondition.map(({ condition }: any) => condition).join()).toContain('"projects/${var.project}/locations/eu/clusters/${var.value}"');
  });

  test('of functions is checked too', () => {
    const stack = stackOf();
    principal(stack).grant('G', CloudStoragePermissions.read(Fn.join('-', ['a', 'b'])));
    expect(preconditions(stack)[0].condition).toContain('terraform.workspace');
    expect(preconditions(stack)[0].condition).toContain(', join("-", ["a", "b"])');
  });
});

test('a stack without tokens has no precondition', () => {
  const stack = new TerraformStack(Testing.app(), 'plain');
  const pool = new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId: 'prod-eks' });
  new FluxGcpPrincipal(stack, 'P', { pool, serviceAccounts: [SOURCE] }).grant('G', CloudStoragePermissions.read('acme'));
  new TerraformOutput(stack, 'o', { value: pool.poolName });
  expect(JSON.stringify(synth(stack))).not.toContain('precondition');
});
