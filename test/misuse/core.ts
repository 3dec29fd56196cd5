import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';
import { Rows } from './row';
import { ClusterIssuer, EcrPublicPermissions, FluxController, FluxIrsaRole, FluxOidcProvider, FluxSecret, FluxServiceAccount, Jwks } from '../../lib';
import { bucket, role } from '../aws/support';

export const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);
export const TENANT = FluxServiceAccount.of('team-a', 'flux');
export const SECRET = FluxSecret.bucket('team-a', 'key');
export const JWK = JSON.stringify({ keys: [{ kty: 'EC', crv: 'P-256', alg: 'ES256', kid: 'a', x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU', y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0' }] });

const JWK_FILE = join(mkdtempSync(join(tmpdir(), 'misuse-')), 'jwks.json');
writeFileSync(JWK_FILE, JWK);

/** Makes a thing once for each stack. */
function once<T extends IConstruct>(id: string, make: (stack: TerraformStack, id: string) => T): (stack: TerraformStack) => T {
  return (stack) => (stack.node.tryFindChild(id) as unknown as T | undefined) ?? make(stack, id);
}

export const aws = once('Aws', (s, id) => new AwsProvider(s, id, { alias: 'other' }));
export const azurerm = once('Azurerm', (s, id) => new AzurermProvider(s, id, { alias: 'other', features: [{}] }));
export const google = once('Google', (s, id) => new GoogleProvider(s, id, { alias: 'other' }));
export const kind = once('Kind', (s, id) => ClusterIssuer.oidc(s, id, { url: 'https://oidc.example.com' }));
export const eks = once('Eks', (s, id) => ClusterIssuer.eks(s, id, { clusterName: 'prod', issuerUrl: 'https://oidc.eks.eu-west-1.amazonaws.com/id/A', clusterArn: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod' }));
export const gke = once('Gke', (s, id) => ClusterIssuer.gke(s, id, { projectId: 'acme-prod', location: 'l', clusterName: 'c' }));
export const aks = once('Aks', (s, id) => ClusterIssuer.aks(s, id, { name: 'p', resourceGroupName: 'g', issuerUrl: 'https://westeurope.oic.prod-aks.azure.com/t/c/' }));
export const oidcProvider = once('Oidc', (s, id) => new FluxOidcProvider(s, id, { issuer: eks(s) }));
export const irsa = once('Role', (s, id) => new FluxIrsaRole(s, id, { oidcProviders: [oidcProvider(s)], serviceAccounts: [SOURCE, TENANT], name: 'flux', account: '111122223333' }));

const takesKeys = (jwks: any, s: any) => ClusterIssuer.oidc(s, 'WithKeys', { url: 'https://oidc.example.com', jwks });
const self = (s: TerraformStack) => s;

export const CORE: Rows = {
  'ClusterIssuer.eks': {
    args: (s) => [s, 'X', { clusterName: 'prod' }],
    optional: (s) => ({ region: 'eu-west-1', issuerUrl: 'https://a', clusterArn: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod', provider: aws(s) }),
  },
  'ClusterIssuer.aks': {
    args: (s) => [s, 'X', { name: 'prod', resourceGroupName: 'group' }],
    optional: (s) => ({ issuerUrl: 'https://a/', provider: azurerm(s) }),
  },
  'ClusterIssuer.gke': { args: (s) => [s, 'X', { projectId: 'p', location: 'l', clusterName: 'c' }] },
  'ClusterIssuer.gkeLookup': {
    args: (s) => [s, 'X', { clusterName: 'c' }],
    optional: (s) => ({ location: 'l', projectId: 'p', provider: google(s) }),
  },
  'ClusterIssuer.oidc': {
    args: (s) => [s, 'X', { url: 'https://oidc.example.com' }],
    optional: () => ({ jwks: Jwks.fromText(JWK), discoveryDocument: '{"issuer":"https://oidc.example.com"}' }),
  },
  'FluxMove.fromAddress': { args: (s) => [new S3Bucket(s, 'Moved', {}), 'aws_s3_bucket.mine'] },
  'FluxMove.from': { args: (s) => [new S3Bucket(s, 'Moved', {}), 'Old'] },
  'FluxSecret.bucket': { args: () => ['team-a', 'key'] },
  'FluxSecret.sops': { args: () => ['team-a', 'key'] },
  'FluxSecret.provider': { args: () => ['team-a', 'key'] },
  'FluxServiceAccount.controller': { args: () => [FluxController.SOURCE, 'flux-system'], spare: 1 },
  'FluxServiceAccount.operator': { args: () => ['flux-system'], spare: 1 },
  'FluxServiceAccount.of': { args: () => ['team-a', 'flux'] },
  'Jwks.fromText': { on: self, args: () => [JWK], use: takesKeys },
  'Jwks.fromFile': { on: self, args: () => [JWK_FILE], use: takesKeys },
  'Jwks#and': { on: () => Jwks.fromText(JWK), args: () => [Jwks.fromText(JWK)] },
  'Grant#applyBefore': {
    on: (s) => role(s).grant('G', EcrPublicPermissions.pull()),
    args: (s) => [bucket(s)],
  },
};
