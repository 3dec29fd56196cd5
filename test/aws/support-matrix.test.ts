import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { TerraformStack } from 'cdktf';
import { everyPermission, SAMPLES } from './permissions/samples';
import { eks } from './support';
import * as lib from '../../lib';
import { IAwsIdentity } from '../../lib/aws/aws-identity';
import { AwsPermission } from '../../lib/aws/aws-permission';
import { FluxIamUser } from '../../lib/aws/flux-iam-user';
import { FluxIrsaRole } from '../../lib/aws/flux-irsa-role';
import { FluxNodeRole } from '../../lib/aws/flux-node-role';
import { FluxPodIdentityRole } from '../../lib/aws/flux-pod-identity-role';
import { SERVICES } from '../../lib/aws/services';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxKind } from '../../lib/core/flux-kind';
import { FluxSecret } from '../../lib/core/flux-secret';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { CloudKind, KINDS as FLUX_KINDS } from '../../lib/core/shared/flux/kinds';
import { CredentialKind, kindsOf, ServiceFacts } from '../../lib/core/shared/flux/service';
import { sorted } from '../../lib/core/shared/sort';
import { refused, stack } from '../support';
import { holdTable } from '../tables';

const LIB = join(__dirname, '../../lib/aws');
const README = readFileSync(join(LIB, 'README.md'), 'utf8');
const CONTROLLERS = [FluxController.KUSTOMIZE, FluxController.SOURCE].map((name) => FluxServiceAccount.controller(name));
const CLUSTER_ARN = 'arn:aws:eks:eu-west-1:111122223333:cluster/prod';

/** An identity of each kind at each level; those that cannot be made are refused. */
const KINDS: { [kind: string]: { [level: string]: (scope: TerraformStack) => IAwsIdentity } } = {
  'workload identity': {
    controller: (scope) => new FluxIrsaRole(scope, 'Id', { oidcProviders: [eks(scope).oidc], serviceAccounts: CONTROLLERS }),
    object: (scope) => new FluxIrsaRole(scope, 'Id', { oidcProviders: [eks(scope).oidc], serviceAccounts: [FluxServiceAccount.of('apps', 'flux')] }),
  },
  'Pod Identity': {
    controller: (scope) => pod(scope, ...CONTROLLERS),
    object: (scope) => pod(scope, FluxServiceAccount.of('apps', 'flux')),
  },
  'static credential': {
    controller: (scope) => new FluxIamUser(scope, 'Id', { name: 'flux', serviceAccounts: CONTROLLERS }),
    object: (scope) => new FluxIamUser(scope, 'Id', { name: 'flux', secrets: [FluxSecret.bucket('apps', 's3'), FluxSecret.sops('apps', 'kms')] }),
  },
  'node': { node: (scope) => FluxNodeRole.fromRoleArn(scope, 'Id', { roleArn: 'arn:aws:iam::111122223333:role/nodes' }) },
};

function pod(scope: TerraformStack, ...serviceAccounts: FluxServiceAccount[]) {
  const cluster = ClusterIssuer.eks(scope, 'Cluster', { clusterName: 'prod', issuerUrl: 'https://x.example.com', clusterArn: CLUSTER_ARN });
  return new FluxPodIdentityRole(scope, 'Id', { issuer: cluster, serviceAccounts });
}

function accepts(make: (scope: TerraformStack) => IAwsIdentity, permission: (scope: TerraformStack) => AwsPermission): boolean {
  const scope = stack();
  try {
    make(scope).grant('Grant', permission(scope));
    return true;
  } catch (error: any) {
    if (error.name !== 'ValidationError') throw error;
    return false;
  }
}

/** The permissions of each service, by the names of their methods. */
const PERMISSIONS = new Map(Object.entries(SERVICES).map(([id, service]) => [
  id, everyPermission(stack()).filter(([, { _facts }]) => _facts.service === service),
]));

it('has a permission for each verb of a service, and a verb for each permission', () => {
  const verbs = Object.entries(SERVICES).flatMap(([id, service]) => Object.keys(service.verbs).map((verb) => `${id}.${verb}`));
  const permissions = everyPermission(stack());
  expect(permissions.map(([, { _facts: { service, verb } }]) => `${Object.entries(SERVICES).find(([, each]) => each === service)?.[0]}.${verb}`).sort()).toEqual(verbs.sort());
  permissions.forEach(([method, { _facts: { verb } }]) => expect(method.split('.')[1]).toBe(verb));
});

it.each(Object.entries(SAMPLES))('%s allows what its sample says, on what it was given', (method, { args, actions }) => {
  const scope = stack();
  const [, permission] = everyPermission(scope).find(([name]) => name === method)!;
  const identity = KINDS['workload identity'].controller(scope) as FluxIrsaRole;
  const grant = identity.grant('Grant', permission);
  expect(permission._facts.resource).toBe(args(scope)[0]);
  const [recorded] = identity._grants;
  expect(recorded).toMatchObject({ grant, service: permission._facts.service, verb: permission._facts.verb, resource: args(scope)[0] });
  expect(recorded.rights.flatMap((right) => right.actions ?? []).sort()).toEqual([...actions].sort());
});

const REFUSED = Object.entries(SAMPLES).flatMap(([method, { refused: list = [] }]) => list.map(([args, given]) => [method, args, given] as const));
it.each(REFUSED)('%s%j is refused', (method, args, given) => {
  const [type, verb] = method.split('.');
  const error = refused(() => KINDS['workload identity'].controller(stack()).grant('Grant', (lib as any)[type][verb](...args)));
  expect(error.given).toContain(given);
});

it.each(Object.entries<ServiceFacts>(SERVICES).flatMap(([id, service]) => Object.entries(KINDS).map(([kind]) => [id, kind, service] as const)))(
  '%s by %s is granted where its row says, and nowhere else', (id, kind, service) => {
    const expected = service.levels[kind as CredentialKind] ?? [];
    for (const [method] of PERMISSIONS.get(id)!) {
      const permission = (scope: TerraformStack) => everyPermission(scope).find(([name]) => name === method)![1];
      const granted = Object.keys(KINDS[kind]).filter((level) => accepts(KINDS[kind][level], permission));
      expect({ method, granted }).toEqual({ method, granted: [...expected] });
    }
  });

it('the page shows the rows', () => {
  const kinds = Object.values(CredentialKind);
  holdTable('lib/aws/README.md', 'support matrix', ['service', 'Flux kinds', ...kinds], Object.values<ServiceFacts>(SERVICES).map((service) => [
    `[${service.name}](${service.docs})`,
    sorted(kindsOf(service).map(nameOf)).join(', '),
    ...kinds.map((kind) => service.levels[kind]?.join(', ') ?? '-'),
  ]));
});

it('the page of all clouds shows the services', () => {
  holdTable('docs/services.md', 'services of AWS', ['service', 'permissions', 'Flux kinds', 'levels'], Object.entries<ServiceFacts>(SERVICES).map(([id, service]) => [
    `[${service.name}](${service.docs})`,
    PERMISSIONS.get(id)!.map(([method], index) => index === 0 ? `\`${method}\`` : `\`${method.split('.')[1]}\``).join(', '),
    sorted(kindsOf(service).map(nameOf)).join(', '),
    sorted(Object.values(service.levels).flat()).join(', '),
  ]));
});

/** A kind as people know it. */
function nameOf(kind: CloudKind): string {
  const { kind: name } = FLUX_KINDS[kind];
  return kind === FluxKind.KUSTOMIZATION ? 'Kustomization (SOPS)' : kind.endsWith('/remote') ? `${name} (remote cluster)` : kind === FluxKind.HELM_REPOSITORY ? 'HelmRepository (oci)' : name;
}

it('names every permission and every class of the folder', () => {
  const sources = [...readdirSync(LIB), ...readdirSync(join(LIB, 'permissions')).map((file) => `permissions/${file}`)].filter((file) => /(?<!\.d)\.ts$/.test(file));
  const missing = sources.flatMap((file) => {
    const source = readFileSync(join(LIB, file), 'utf8');
    const type = /export class (\w+)/.exec(source)?.[1];
    if (type === undefined || /^Eks(Scoped)?AccessPolicy$/.test(type)) return [];
    const methods = [...source.matchAll(/^ {2}public static (?!_|readonly)(\w+)/gm)].map((match) => match[1]);
    return [type, ...(file.startsWith('permissions/') ? methods : [])].filter((name) => !README.includes(name));
  });
  expect(missing).toEqual([]);
});
