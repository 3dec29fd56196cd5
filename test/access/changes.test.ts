import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, TerraformStack } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { model as modelOf, PULL } from './models';
import { addExamples } from '../../examples/stacks';
import {
  AcrPermissions, AksPermissions, ArtifactRegistryPermissions, AzureDevOpsPermissions, BlobStoragePermissions, CloudKmsPermissions,
  CloudStoragePermissions, CodeCommitPermissions, EcrPermissions, EcrPublicPermissions, EksPermissions, EventHubsPermissions, FluxInstallation,
  GcpPermission, GcpResource, GkePermissions, KeyVaultPermissions, KmsPermissions, PubSubPermissions, S3Permissions,
} from '../../lib';
import * as library from '../../lib';
import { compare } from '../../lib/access/diff';
import { accessMarkdown } from '../../lib/access/markdown';
import { AccessModel } from '../../lib/access/model';
import { SERVICES as AWS } from '../../lib/aws/services';
import { SERVICES as AZURE } from '../../lib/azure/services';
import { main } from '../../lib/cli/main';
import { FluxIdentityBase } from '../../lib/core/shared/flux/identity-base';
import { accessModel } from '../../lib/flux/private/access/collect';
import { SERVICES as GCP } from '../../lib/gcp/services';

/** What a service is granted by: something that no example has, and more of it where the service knows more. */
interface Row {
  readonly narrow: () => any;
  readonly wide?: () => any;
}

const ARN = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:999988887777:${rest}`;
const PROJECT = 'projects/probe-project';
const RING = `${PROJECT}/locations/europe-west1/keyRings/probe`;
const CLUSTER = `${PROJECT}/locations/europe-west1/clusters/probe`;
const GROUP = '/subscriptions/00000000-0000-0000-0000-0000000000ff/resourceGroups/probe';
const PROVIDERS = `${GROUP}/providers`;
const onProject = (role: string) => GcpPermission.of({ role, resource: GcpResource.project('probe-project') });

const ROWS: { readonly [cloud: string]: { readonly [service: string]: Row } } = {
  aws: {
    'ecr': { narrow: () => EcrPermissions.pull(ARN('ecr', 'repository/probe/web')), wide: () => EcrPermissions.pull(ARN('ecr', 'repository/probe/*')) },
    'ecr-public': { narrow: () => EcrPublicPermissions.pull() },
    's3': { narrow: () => S3Permissions.read('arn:aws:s3:::probe', { prefix: 'a/' }), wide: () => S3Permissions.read('arn:aws:s3:::probe') },
    'kms': {
      narrow: () => KmsPermissions.decrypt(ARN('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ff'), { encryptionContext: { Team: 'a' } }),
      wide: () => KmsPermissions.decrypt(ARN('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ff')),
    },
    'eks': { narrow: () => EksPermissions.access(ARN('eks', 'cluster/probe')) },
    'codecommit': { narrow: () => CodeCommitPermissions.pull(ARN('codecommit', 'probe')), wide: () => CodeCommitPermissions.pullAndPush(ARN('codecommit', 'probe')) },
  },
  gcp: {
    'artifact-registry': {
      narrow: () => ArtifactRegistryPermissions.pull(`${PROJECT}/locations/europe-west1/repositories/probe`),
      wide: () => onProject('roles/artifactregistry.reader'),
    },
    'cloud-storage': {
      narrow: () => CloudStoragePermissions.read('probe', { condition: { title: 'a', expression: 'resource.name.startsWith("projects/_/buckets/probe/objects/a/")' } }),
      wide: () => CloudStoragePermissions.read('probe'),
    },
    'cloud-kms': { narrow: () => CloudKmsPermissions.decrypt(`${RING}/cryptoKeys/probe`), wide: () => CloudKmsPermissions.decryptWithKeyRing(RING) },
    'gke': { narrow: () => GkePermissions.access(CLUSTER), wide: () => GkePermissions.access(CLUSTER, { wholeProject: true }) },
    'pub-sub': { narrow: () => PubSubPermissions.publish(`${PROJECT}/topics/probe`), wide: () => onProject('roles/pubsub.publisher') },
  },
  azure: {
    'acr': { narrow: () => AcrPermissions.pull(`${PROVIDERS}/Microsoft.ContainerRegistry/registries/probe`), wide: () => AcrPermissions.pull(GROUP) },
    'blob': {
      narrow: () => BlobStoragePermissions.read(`${PROVIDERS}/Microsoft.Storage/storageAccounts/probe/blobServices/default/containers/manifests`),
      wide: () => BlobStoragePermissions.read(`${PROVIDERS}/Microsoft.Storage/storageAccounts/probe`),
    },
    'key-vault': {
      narrow: () => KeyVaultPermissions.decrypt(`${PROVIDERS}/Microsoft.KeyVault/vaults/probe/keys/sops`),
      wide: () => KeyVaultPermissions.decrypt(`${PROVIDERS}/Microsoft.KeyVault/vaults/probe`),
    },
    'aks': { narrow: () => AksPermissions.access(`${PROVIDERS}/Microsoft.ContainerService/managedClusters/probe`), wide: () => AksPermissions.access(GROUP) },
    'event-hubs': {
      narrow: () => EventHubsPermissions.send(`${PROVIDERS}/Microsoft.EventHub/namespaces/probe-events/eventhubs/flux`),
      wide: () => EventHubsPermissions.send(`${PROVIDERS}/Microsoft.EventHub/namespaces/probe-events`),
    },
    'devops': { narrow: () => AzureDevOpsPermissions.read('probe', 'platform') },
  },
};

const dir = mkdtempSync(join(tmpdir(), 'access-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** The exit status of `diff` between two models. */
function status(before: AccessModel, after: AccessModel): number {
  const files = [before, after].map((model, index) => {
    const file = join(dir, `${index}.access.json`);
    writeFileSync(file, JSON.stringify(model));
    return file;
  });
  return main('cdktf-flux-identity', ['diff', ...files], () => undefined, (text) => { throw new Error(text); });
}

/** How many lines of Markdown go, and how many come. */
function lines(before: AccessModel, after: AccessModel): [number, number] {
  const [old, now] = [before, after].map((model) => accessMarkdown(model).split('\n'));
  const without = (all: string[], others: string[]) => others.reduce((rest, line) => {
    const index = rest.indexOf(line);
    return index === -1 ? rest : [...rest.slice(0, index), ...rest.slice(index + 1)];
  }, all).length;
  return [without(old, now), without(now, old)];
}

/** The model with one grant more; undefined where the identity cannot have it. */
function granted(installation: FluxInstallation, identity: IConstruct & { grant(id: string, permission: any): unknown }, permission: any) {
  try {
    identity.grant('Probe', permission);
    return accessModel(installation);
  } catch (error: any) {
    if (error.name !== 'ValidationError') throw error;
    return undefined;
  } finally {
    identity.node.tryRemoveChild('Probe');
  }
}

/** The installations of all examples. */
function examples(): FluxInstallation[] {
  const app = new App({ outdir: dir });
  addExamples(app);
  return app.node.findAll().filter((node): node is FluxInstallation => node instanceof FluxInstallation);
}

/** The model with one more account that acts as an identity, as the library would write it. */
function withAccount(model: AccessModel, key: string): AccessModel {
  const renamed = `${key}, zz-probe/flux`;
  return {
    ...model,
    identities: model.identities.map((identity) => identity.key !== key ? identity : {
      ...identity,
      key: renamed,
      subjects: [...identity.subjects, { account: 'zz-probe/flux', level: 'object' }],
      trust: identity.trust === 'unknown' || identity.trust.length === 0 ? identity.trust
        : [...identity.trust, { ...identity.trust[0], subject: 'system:serviceaccount:zz-probe:flux' }],
    }),
    grants: model.grants.map((grant) => grant.identity === key ? { ...grant, identity: renamed } : grant),
  };
}

/** The examples once more, with every construct of the library's under another name: all of their addresses differ. */
function renamedExamples(): FluxInstallation[] {
  const classes = Object.values(library).filter((each: unknown) => typeof each === 'function' && (each as Function).prototype instanceof Construct) as any[];
  const prototype = TerraformStack.prototype as any;
  const original = prototype.allocateLogicalId;
  const spy = jest.spyOn(prototype, 'allocateLogicalId').mockImplementation(function (this: unknown, element: any) {
    const isOurs = (element.node ?? element).scopes.some((scope: unknown) => classes.some((each) => scope instanceof each));
    return `${original.call(this, element)}${isOurs ? 'Renamed' : ''}`;
  });
  try {
    return examples().map((installation) => {
      accessModel(installation); // names are allocated when they are first asked for
      return installation;
    });
  } finally {
    spy.mockRestore();
  }
}

const installations = examples();
const renamed = new Map(renamedExamples().map((installation) => [installation.node.path, accessModel(installation)]));
const tried = new Map<string, number>();

describe.each(installations.map((installation) => ({ name: installation.node.path, installation })))('$name', ({ installation }) => {
  const identities = installation._model.allIdentities.filter((identity): identity is any => identity instanceof FluxIdentityBase && 'grant' in identity);

  test.each(identities.map((identity) => ({ path: identity.node.path, identity })))('$path: grants that come, widen, narrow and go', ({ identity }) => {
    const before = accessModel(installation);
    const hasPublic = identity._grants.some((grant: any) => grant.service === AWS['ecr-public']);
    for (const [service, { narrow, wide }] of Object.entries(ROWS[identity.cloud])) {
      const one = granted(installation, identity, narrow());
      if (one === undefined) continue;
      tried.set(`${identity.cloud} ${service}`, (tried.get(`${identity.cloud} ${service}`) ?? 0) + 1);
      expect(accessModel(installation)).toEqual(before);
      const seen = { service, comes: [lines(before, one), status(before, one)], goes: [lines(one, before), status(one, before)] };
      // Public ECR is granted as a whole: who has it does not gain by having it twice.
      const gains = service === 'ecr-public' && hasPublic ? 0 : 1;
      expect(seen).toEqual({ service, comes: [[0, 1], gains], goes: [[1, 0], 0] });
      const more = wide === undefined ? undefined : granted(installation, identity, wide());
      if (more === undefined) continue;
      expect({ service, widens: [lines(one, more), status(one, more)], narrows: [lines(more, one), status(more, one)] })
        .toEqual({ service, widens: [[1, 1], 1], narrows: [[1, 1], 0] });
    }
  });
});

describe.each(installations.map((installation) => ({ name: installation.node.path, model: accessModel(installation) })))('$name', ({ name, model }) => {
  test('constructs that are renamed change no line', () => {
    const after = renamed.get(name)!;
    const changes = compare(model, after);
    expect({ lines: lines(model, after), status: status(model, after), effects: [...new Set(changes.map(({ effect }) => effect))].filter((effect) => effect !== 'same') })
      .toEqual({ lines: [0, 0], status: 0, effects: [] });
    // Only what Terraform alone knows is called otherwise.
    if (model.identities.some(({ principals }) => principals.some((principal) => typeof principal !== 'string'))) {
      expect(JSON.stringify(after)).not.toBe(JSON.stringify(model));
    }
  });

  test('one more account of an identity has what the others have, and nobody else gains', () => {
    for (const identity of model.identities.filter(({ subjects, grants }) => grants === 'listed' && subjects.some((subject) => 'account' in subject))) {
      const after = withAccount(model, identity.key);
      const own = model.grants.filter((grant) => grant.identity === identity.key);
      const changes = compare(model, after);
      const isTrusted = identity.trust !== 'unknown' && identity.trust.length > 0;
      expect(changes.filter(({ effect, what }) => effect !== 'wider' || !what.includes('zz-probe'))).toEqual([]);
      expect(changes.some(({ what }) => what.startsWith('zz-probe/flux '))).toBe(own.length > 0);
      expect(changes.filter(({ what }) => what.startsWith('trust: '))).toHaveLength(isTrusted ? 1 : 0);
      // The line of each of its grants, and its line among those that are let in.
      expect(lines(model, after)).toEqual([own.length + 1, own.length + 1]);
      expect([status(model, after), status(after, model)]).toEqual([own.length > 0 || isTrusted ? 1 : 0, 0]);
      tried.set('account', (tried.get('account') ?? 0) + 1);
    }
  });

  test('an identity that is replaced by another', () => {
    for (const { key } of model.identities.filter(({ principals }) => principals.length > 0)) {
      const after = {
        ...model, identities: model.identities.map((identity) => identity.key === key ? { ...identity, principals: ['another'] } : identity),
      };
      expect(compare(model, after)).toEqual([{ effect: 'same', what: `${key}: same access, identity replaced` }]);
      expect([lines(model, after), status(model, after)]).toEqual([[0, 0], 0]);
      tried.set('replaced', (tried.get('replaced') ?? 0) + 1);
    }
  });
});

test('every service was tried in an example at least', () => {
  const services = Object.entries({ aws: AWS, gcp: GCP, azure: AZURE }).flatMap(([cloud, rows]) => Object.keys(rows).map((id) => `${cloud} ${id}`));
  expect(services.filter((service) => !tried.has(service))).toEqual([]);
  expect(Math.min(tried.get('account') ?? 0, tried.get('replaced') ?? 0)).toBeGreaterThan(30);
});

test.each([
  ['an action more', { ...PULL, rights: PULL.rights.map((right) => ({ ...right, actions: [...right.actions!, 'ecr:DescribeImages'] })) }],
  ['a resource more', { ...PULL, rights: PULL.rights.map((right) => ({ ...right, resources: [...right.resources, 'arn:aws:ecr:eu-west-1:111122223333:repository/b'] })) }],
])('of rights that users composed, %s is one line that changes', (_, more) => {
  const [before, after] = [modelOf(), modelOf({ grants: [more] })];
  expect([lines(before, after), status(before, after), status(after, before)]).toEqual([[1, 1], 1, 0]);
});
