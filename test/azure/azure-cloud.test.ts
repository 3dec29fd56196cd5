import { TerraformVariable } from 'cdktf';
import { messageOf, newStack } from './support';
import { AzureCloud, AzureCustomCloudOptions } from '../../lib/azure/azure-cloud';

const PRIVATE = { authorityHost: 'https://login.core.private/', resourceManagerEndpoint: 'https://management.core.private/', tokenAudience: 'https://management.core.private/' };

test('the national clouds sign in at their own hosts, and need no file', () => {
  expect([AzureCloud.PUBLIC, AzureCloud.US_GOVERNMENT, AzureCloud.CHINA].map(({ authorityHost }) => authorityHost))
    .toEqual(['https://login.microsoftonline.com/', 'https://login.microsoftonline.us/', 'https://login.chinacloudapi.cn/']);
  expect(AzureCloud.CHINA._environmentFile).toBeUndefined();
});

test('a private cloud has a file', () => {
  expect(AzureCloud.custom({ ...PRIVATE, configMapName: 'other' })).toMatchObject({
    authorityHost: 'https://login.core.private/',
    _environmentFile: { configMapName: 'other', contents: { resourceManagerEndpoint: PRIVATE.resourceManagerEndpoint, tokenAudience: PRIVATE.tokenAudience } },
  });
});

test('of values that only Terraform knows', () => {
  const value = new TerraformVariable(newStack(), 'value', { type: 'string' }).stringValue;
  const cloud = AzureCloud.custom({ authorityHost: value, resourceManagerEndpoint: value, tokenAudience: value, containerRegistryDnsSuffix: value });
  expect(cloud.authorityHost).toBe(value);
});

test.each<[Partial<AzureCustomCloudOptions>, string, string]>([
  [{ authorityHost: 'https://login.core.private' }, 'authorityHost "https://login.core.private"', 'that ends in "/"'],
  [{ authorityHost: 'http://login.core.private/' }, 'authorityHost "http://login.core.private/"', 'an https URL'],
  [{ resourceManagerEndpoint: '' }, 'resourceManagerEndpoint ""', 'Flux refuses an environment file without it'],
  [{ tokenAudience: '' }, 'tokenAudience ""', 'Flux refuses an environment file without it'],
  [{ containerRegistryDnsSuffix: '.azurecr.private' }, 'containerRegistryDnsSuffix ".azurecr.private"', 'without a leading dot'],
  [{ configMapName: 'Flux' }, 'ConfigMap name "Flux"', 'RFC 1123'],
  [{ graphEndpoint: 'x' } as any, 'option "graphEndpoint" of AzureCloud.custom', 'correct the spelling'],
])('%p is refused', (wrong, given, text) => {
  const message = messageOf(() => AzureCloud.custom({ ...PRIVATE, ...wrong } as AzureCustomCloudOptions));
  expect(message).toContain(given);
  expect(message).toContain(text);
  expect(message).toContain('Fix: ');
});
