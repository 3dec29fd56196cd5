import { AzureadProvider } from '@cdktf/provider-azuread/lib/provider';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformVariable, Token } from 'cdktf';
import { EC_CERTIFICATE, RSA_CERTIFICATE } from './certificates';
import { messageOf, messagesOf, newStack, oidc, ofType, only, resolved, RESOURCES, SOURCE, synth } from './support';
import { AzureCertificateSecret } from '../../lib/azure/azure-certificate-secret';
import { AzureCloud } from '../../lib/azure/azure-cloud';
import { AzureCertificateHolder, FluxAzureApplication, FluxAzureApplicationProps } from '../../lib/azure/flux-azure-application';
import { BlobStoragePermissions } from '../../lib/azure/permissions/blob-storage';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxContext } from '../../lib/core/flux-identity';
import { FluxSecret } from '../../lib/core/flux-secret';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxManifests } from '../../lib/flux/flux-manifests';
import { fluxOf } from '../support';

const KEY = '-----BEGIN PRIVATE KEY-----\nMIIEsecret\n-----END PRIVATE KEY-----\n';
const BUCKET = FluxSecret.bucket('team-a', 'azure');
const SOPS = FluxSecret.sops('team-a', 'azure-sops');

function make(props: Partial<FluxAzureApplicationProps> = {}, stack = newStack()) {
  const application = new FluxAzureApplication(stack, 'App', { displayName: 'flux', certificate: RSA_CERTIFICATE, serviceAccounts: [SOURCE], ...props });
  const context: FluxContext = { issuer: oidc(stack), version: FluxVersion.V2_10, namespace: 'flux-system' };
  const settings = () => resolved(stack, application.fluxSettings(SOURCE, context));
  const objects = () => resolved(stack, application.fluxObjects(context));
  return { stack, application, context, settings, objects };
}

const CLIENT = expect.stringMatching(/^\$\{azuread_application\.App_\w+\.client_id\}$/);
const TENANT = expect.stringMatching(/^\$\{azuread_service_principal\.App_ServicePrincipal_\w+\.application_tenant_id\}$/);

describe('resources', () => {
  test('application, service principal and certificate', () => {
    const { stack } = make({ endDate: '2027-12-31T00:00:00Z', owners: ['00000000-0000-0000-0000-0000000000f1'] });
    expect(only(stack, 'azuread_application')).toEqual({ display_name: 'flux', owners: ['00000000-0000-0000-0000-0000000000f1'] });
    expect(only(stack, 'azuread_service_principal')).toEqual({ client_id: CLIENT, owners: ['00000000-0000-0000-0000-0000000000f1'] });
    expect(only(make({ owners: Token.asList('${var.owners}') }).stack, 'azuread_application').owners).toBe('${var.owners}');
    expect(only(stack, 'azuread_service_principal_certificate')).toEqual({
      service_principal_id: expect.stringMatching(/^\$\{azuread_service_principal\.App_ServicePrincipal_\w+\.id\}$/),
      type: 'AsymmetricX509Cert',
      encoding: 'pem',
      value: RSA_CERTIFICATE,
      end_date: '2027-12-31T00:00:00Z',
      lifecycle: { create_before_destroy: true },
    });
  });

  test('the certificate on the application', () => {
    const { stack } = make({ certificateHolder: AzureCertificateHolder.APPLICATION });
    expect(ofType(stack, 'azuread_service_principal_certificate')).toEqual({});
    expect(only(stack, 'azuread_application_certificate')).toMatchObject({
      application_id: expect.stringMatching(/^\$\{azuread_application\.App_\w+\.id\}$/), type: 'AsymmetricX509Cert',
    });
  });

  test('a certificate that only Terraform knows is searched for a private key by Terraform', () => {
    const stack = newStack();
    make({ certificate: new TerraformVariable(stack, 'certificate', { type: 'string' }).stringValue }, stack);
    expect(only(stack, 'azuread_service_principal_certificate')).toMatchObject({
      value: '${var.certificate}',
      lifecycle: {
        precondition: [
          { condition: '${!can(regex("PRIVATE KEY", var.certificate))}', error_message: 'The certificate of stack/App holds a private key. Pass the public certificate alone.' },
          { condition: '${(length(regexall("-----BEGIN CERTIFICATE-----", var.certificate)) == 1)}', error_message: expect.stringContaining('must be one certificate as PEM') },
        ],
      },
    });
  });

  test('with its providers', () => {
    const stack = newStack();
    const { application } = make({
      provider: new AzureadProvider(stack, 'one', { alias: 'one' }), azurermProvider: new AzurermProvider(stack, 'two', { features: [{}], alias: 'two' }),
    }, stack);
    application.grant('Manifests', BlobStoragePermissions.read(RESOURCES.container));
    for (const type of ['azuread_application', 'azuread_service_principal', 'azuread_service_principal_certificate']) expect(only(stack, type).provider).toBe('azuread.one');
    expect(only(stack, 'azurerm_role_assignment').provider).toBe('azurerm.two');
  });
});

describe('what only Terraform knows', () => {
  test('is checked by Terraform', () => {
    const stack = newStack();
    const [name, end, owner, host] = ['name', 'end', 'owner', 'host'].map((id) => new TerraformVariable(stack, id, { type: 'string' }).stringValue);
    const azureCloud = AzureCloud.custom({ authorityHost: host, resourceManagerEndpoint: host, tokenAudience: host });
    const { application } = make({ displayName: name, endDate: end, owners: [owner], azureCloud }, stack);
    application.grant('Manifests', BlobStoragePermissions.read(RESOURCES.container));
    expect(messagesOf(only(stack, 'azuread_application'))).toEqual(['display name', 'owner']);
    expect(messagesOf(only(stack, 'azuread_service_principal_certificate'))).toEqual(['end date', 'authorityHost', 'resourceManagerEndpoint', 'tokenAudience']);
    expect(messagesOf(only(stack, 'azurerm_role_assignment'))).toEqual(['authorityHost', 'resourceManagerEndpoint', 'tokenAudience']);
  });

  test.each([
    ['2027-12-31T00:00:00Z', '2027-12-31T00:00:00Z'], ['2027-12-31T02:00:00+02:00', '2027-12-31T00:00:00Z'], ['2027-12-31T00:00:00.75Z', '2027-12-31T00:00:00Z'],
  ])('the end %s is given as Entra ID answers with it', (endDate, expected) => {
    expect(only(make({ endDate }).stack, 'azuread_service_principal_certificate').end_date).toBe(expected);
  });

  test('literals are literal', () => {
    expect(only(make({ displayName: 'flux ${var.x}' }).stack, 'azuread_application').display_name).toBe('flux $${var.x}');
  });
});

test('two applications of one name are refused, but not in two tenants', () => {
  const stack = newStack();
  const app = (id: string, provider?: AzureadProvider) => new FluxAzureApplication(stack, id, { displayName: 'flux', certificate: RSA_CERTIFICATE, serviceAccounts: [SOURCE], provider });
  app('One');
  app('Two', new AzureadProvider(stack, 'Other', { alias: 'other' }));
  expect(messageOf(() => app('Three'))).toContain('[stack/Three] application "flux" a second time; "stack/One" is the first.');
});

describe('controller level', () => {
  const env = [
    { name: 'AZURE_CLIENT_CERTIFICATE_PATH', value: '/var/run/azure-certificate/cert-and-key' },
    { name: 'AZURE_CLIENT_ID', value: CLIENT },
    { name: 'AZURE_TENANT_ID', value: TENANT },
  ];
  const mounts = [{ name: 'azure-certificate', mountPath: '/var/run/azure-certificate', secretName: 'flux-azure-certificate' }];

  test('the Secret exists: environment and mount, no Secret rendered', () => {
    const { settings, objects, application, context } = make();
    expect(settings()).toEqual({ env, mounts, stamp: CLIENT });
    expect(objects()).toEqual([]);
    expect(application.trusts(context.issuer)).toBe(true);
  });

  test('with a password, a chain, another cloud and another Secret', () => {
    const { settings } = make({
      secret: AzureCertificateSecret.existingWithPassword(), sendCertificateChain: true, azureCloud: AzureCloud.CHINA, secretName: 'other',
    });
    expect(settings()).toEqual({
      env: [
        { name: 'AZURE_AUTHORITY_HOST', value: 'https://login.chinacloudapi.cn/' },
        { name: 'AZURE_CLIENT_CERTIFICATE_PASSWORD', secretName: 'other', secretKey: 'key-password' },
        env[0],
        env[1],
        { name: 'AZURE_CLIENT_SEND_CERTIFICATE_CHAIN', value: 'true' },
        env[2],
      ],
      mounts: [{ ...mounts[0], secretName: 'other' }],
      stamp: CLIENT,
    });
  });

  test('Secrets rendered, from PEM and from PKCS#12', () => {
    const metadata = { name: 'flux-azure-certificate', namespace: 'flux-system' };
    expect(make({ secret: AzureCertificateSecret.pem(RSA_CERTIFICATE + KEY) }).objects())
      .toEqual([{ apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', stringData: { 'cert-and-key': RSA_CERTIFICATE + KEY } }]);
    expect(() => AzureCertificateSecret.pkcs12('AA\nECAw==\n', 'pass')).not.toThrow();
    expect(make({ secret: AzureCertificateSecret.pkcs12('AAECAw==', 'pass') }).objects())
      .toEqual([{ apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: { 'cert-and-key': 'AAECAw==' }, stringData: { 'key-password': 'pass' } }]);
  });
});

describe('object level', () => {
  test('nothing is rendered for Secrets that exist', () => {
    expect(make({ serviceAccounts: [], secrets: [BUCKET, SOPS] }).objects()).toEqual([]);
  });

  test('the Secret of Buckets: texts', () => {
    const stringData = { tenantId: TENANT, clientId: CLIENT, clientCertificate: RSA_CERTIFICATE + KEY };
    const render = (props: Partial<FluxAzureApplicationProps>) => {
      const secret = AzureCertificateSecret.pem(RSA_CERTIFICATE + KEY);
      return make({ serviceAccounts: undefined, secrets: [BUCKET], secret, ...props }).objects()[0];
    };
    expect(render({})).toEqual({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'azure', namespace: 'team-a' }, type: 'Opaque', stringData });
    expect(render({ sendCertificateChain: true, azureCloud: AzureCloud.US_GOVERNMENT }).stringData)
      .toEqual({ ...stringData, clientCertificateSendChain: 'true', authorityHost: 'https://login.microsoftonline.us/' });
    expect(render({ secret: AzureCertificateSecret.pkcs12('AAECAw==', 'pass') })).toMatchObject({
      data: { clientCertificate: 'AAECAw==' }, stringData: { tenantId: TENANT, clientId: CLIENT, clientCertificatePassword: 'pass' },
    });
  });

  test('the Secret of SOPS: a file with a bare boolean', () => {
    const [secret] = make({
      serviceAccounts: [],
      secrets: [SOPS],
      secret: AzureCertificateSecret.pem(RSA_CERTIFICATE + KEY),
      sendCertificateChain: true,
      azureCloud: AzureCloud.CHINA,
    }).objects();
    expect(Object.keys(secret.stringData)).toEqual(['sops.azure-kv']);
    const text: string = secret.stringData['sops.azure-kv'];
    const file = JSON.parse(text.replace(/\$\{jsonencode\((azuread_[\w.]+)\)\}/g, '"$1"'));
    expect(file).toEqual({
      tenantId: expect.stringMatching(/^azuread_service_principal\..*\.application_tenant_id$/),
      clientId: expect.stringMatching(/^azuread_application\..*\.client_id$/),
      clientCertificate: RSA_CERTIFICATE + KEY,
      clientCertificateSendChain: true,
      authorityHost: 'https://login.chinacloudapi.cn/',
    });
  });

  test('literal template marks are escaped once, on the way into YAML', () => {
    const { stack, context, application } = make({ serviceAccounts: [], secrets: [BUCKET], secret: AzureCertificateSecret.pkcs12('AAECAw==', 'a${b}%{c}') });
    const { yaml } = new FluxManifests(stack, 'Manifests', { installation: fluxOf(stack, { ...context, identities: [application] }) });
    expect(resolved(stack, yaml)).toContain('clientCertificatePassword: a$${b}%%{c}');
  });
});

describe('bad input', () => {
  const pair = AzureCertificateSecret.pkcs12('AAECAw==', 'pass');

  test.each<[string, Partial<FluxAzureApplicationProps>, string, string]>([
    ['a private key', { certificate: RSA_CERTIFICATE + KEY }, 'a private key in `certificate`.', 'cut the private key out'],
    ['a private key alone', { certificate: KEY }, 'a private key in `certificate`.', 'cut the private key out'],
    ['an encrypted private key', { certificate: '-----BEGIN ENCRYPTED PRIVATE KEY-----' }, 'a private key in `certificate`.', 'cut the private key out'],
    ['no certificate', { certificate: 'MIIB' }, 'no PEM certificate in `certificate`.', 'convert DER'],
    ['two certificates', { certificate: RSA_CERTIFICATE + RSA_CERTIFICATE }, '2 certificates in `certificate`.', 'without its chain'],
    ['a damaged certificate', { certificate: RSA_CERTIFICATE.slice(0, 200) }, 'a damaged PEM certificate', 'with its line breaks'],
    ['an elliptic key', { certificate: EC_CERTIFICATE }, 'a key of type "ec"', 'RSA key'],
    ['no name', { displayName: '' }, 'display name ""', 'choose a name'],
    ['nobody', { serviceAccounts: [] }, 'no controller and no Secret.', '`secrets: [FluxSecret.bucket(...)]`'],
    ['an account of objects', { serviceAccounts: [FluxServiceAccount.of('team-a', 'flux')] }, 'object-level service account "team-a/flux"', 'FluxSecret.bucket or FluxSecret.sops'],
    ['an account twice', { serviceAccounts: [SOURCE, SOURCE] }, 'service account "flux-system/source-controller" twice.', 'pass `serviceAccounts'],
    ['a Secret twice', { secrets: [BUCKET, FluxSecret.sops('team-a', 'azure')] }, 'Secret "team-a/azure" twice.', 'different names'],
    ['a Secret of Providers', { secrets: [FluxSecret.provider('team-a', 'azure')] }, 'FluxSecret.provider("team-a", "azure")', 'notification-controller the certificate'],
    ['a Secret name', { secretName: 'Flux' }, 'Secret name "Flux"', 'exactly as Kubernetes shows it'],
    ['PKCS#12 for SOPS', { secrets: [SOPS], secret: pair }, 'AzureCertificateSecret.pkcs12 with a FluxSecret.sops.', 'unencrypted PEM'],
    ['quotes around the token of an end date', { endDate: `"${new TerraformVariable(newStack(), 'end', {}).stringValue}"` }, 'end date ""<a value known at apply>""', 'write date, "T", time and zone'],
    ['quotes around the token of a certificate', { certificate: `"${new TerraformVariable(newStack(), 'pem', {}).stringValue}"` }, 'no PEM certificate', 'openssl x509'],
    ['an end date', { endDate: '2027-12-31' }, 'end date "2027-12-31"', 'write date, "T", time and zone'],
    ['an end date with more behind it', { endDate: '2027-12-31T00:00:00Z (UTC)' }, 'end date "2027', 'write date, "T", time and zone'],
    ['an end date with more before it', { endDate: '(UTC) 2027-12-31T00:00:00Z' }, 'end date "(UTC)', 'write date, "T", time and zone'],
    ['a day that is none', { endDate: '2027-02-30T00:00:00Z' }, 'end date "2027-02-30T00:00:00Z"', 'write date, "T", time and zone'],
    ['an end counted from the apply, which the provider gives up', { endDateRelative: '180d' } as any, 'option "endDateRelative" of FluxAzureApplication', 'remove it'],
    ['an owner', { owners: ['alice'] }, 'owner "alice"', 'as the Azure portal shows it'],
    ['a holder', { certificateHolder: 'key-vault' as any }, 'option "certificateHolder" of FluxAzureApplication: "key-vault"', 'pass a constant of AzureCertificateHolder'],
    ['an option', { certificates: '' } as any, 'option "certificates" of FluxAzureApplication', 'correct the spelling'],
  ])('%s', (_, props, given, fix) => {
    const stack = newStack();
    const message = messageOf(() => make(props, stack));
    expect(message).toContain('[stack/App] ');
    expect(message).toContain(given);
    expect(message.split('Fix: ')[1]).toContain(fix);
    expect(message).not.toContain('MIIEsecret');
    expect(synth(stack).resource).toBeUndefined();
  });

  test.each([
    ['an encrypted key', () => AzureCertificateSecret.pem(`${RSA_CERTIFICATE}-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIEsecret`), 'an encrypted private key', 'AzureCertificateSecret.pkcs12'],
    ['an encrypted RSA key', () => AzureCertificateSecret.pem(`${RSA_CERTIFICATE}-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nMIIEsecret`), 'an encrypted private key', 'openssl pkcs8'],
    ['no key', () => AzureCertificateSecret.pem(RSA_CERTIFICATE), 'no certificate, or no RSA private key', 'join the two PEM files'],
    ['no certificate', () => AzureCertificateSecret.pem(KEY), 'no certificate, or no RSA private key', 'join the two PEM files'],
    ['PEM as PKCS#12', () => AzureCertificateSecret.pkcs12(RSA_CERTIFICATE + KEY, 'pass'), 'no base64, or no password', 'base64 -w0'],
    ...['!AAEC', 'AAEC!', 'AA=EC'].map((base64): [string, () => AzureCertificateSecret, string, string] => (
      [`${base64} as PKCS#12`, () => AzureCertificateSecret.pkcs12(base64, 'MIIEsecret'), 'no base64, or no password', 'base64 -w0']
    )),
    ['no password', () => AzureCertificateSecret.pkcs12('AAECAw==', ''), 'no base64, or no password', 'AzureCertificateSecret.pem'],
  ])('in Secrets: %s', (_, call, given, fix) => {
    const message = messageOf(call);
    expect(message).toContain(given);
    expect(message.split('Fix: ')[1]).toContain(fix);
    expect(message).not.toContain('MIIEsecret');
  });
});

test('tokens in Secrets', () => {
  const stack = newStack();
  const pem = new TerraformVariable(stack, 'pem', { type: 'string', sensitive: true }).stringValue;
  const { application, context } = make({
    serviceAccounts: [FluxServiceAccount.controller(FluxController.KUSTOMIZE)], secrets: [SOPS], secret: AzureCertificateSecret.pem(pem),
  }, stack);
  const objects = resolved(stack, application.fluxObjects(context));
  expect(objects.map(({ stringData }: any) => stringData)).toEqual([
    { 'cert-and-key': '${var.pem}' },
    { 'sops.azure-kv': expect.stringContaining('"clientCertificate":${jsonencode(var.pem)}') },
  ]);
});
