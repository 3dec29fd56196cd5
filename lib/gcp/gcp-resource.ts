import { ArtifactRegistryRepositoryIamMember } from '@cdktf/provider-google/lib/artifact-registry-repository-iam-member';
import { KmsCryptoKeyIamMember } from '@cdktf/provider-google/lib/kms-crypto-key-iam-member';
import { KmsKeyRingIamMember } from '@cdktf/provider-google/lib/kms-key-ring-iam-member';
import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member';
import { PubsubTopicIamMember } from '@cdktf/provider-google/lib/pubsub-topic-iam-member';
import { ServiceAccountIamMember } from '@cdktf/provider-google/lib/service-account-iam-member';
import { StorageBucketIamMember } from '@cdktf/provider-google/lib/storage-bucket-iam-member';
import { Construct } from 'constructs';
import { fullName, lateName, NameForm, NameParts, parseName } from './private/forms/resource-name';
import { BUCKET, CRYPTO_KEY, KEY_RING, PROJECT_ID, REPOSITORY, SERVICE_ACCOUNT, TOPIC } from './private/forms/resources';
import type { BoundResource } from './private/policy/bound-resource';
import { valueKey } from '../core/shared/input/once-per-app';
import { newResource } from '../core/shared/terraform/new-resource';

/**
 * A resource of Google Cloud that roles are granted on, for `GcpPermission.of`. Names are accepted in the forms that the
 * provider accepts, and as tokens; another form is an error when the permission is granted.
 *
 * Guide: docs/gcp.md#remote-gke-clusters
 */
export class GcpResource {
  /**
   * An Artifact Registry repository. Google takes no conditions there.
   *
   * @param repository `projects/<project>/locations/<location>/repositories/<name>`, or the shorter forms of the provider
   */
  public static repository(repository: string): GcpResource {
    return named(repository, REPOSITORY, { takesConditions: false }, (parts) => (scope, id, config) =>
      // A name that only Terraform knows stays whole: the provider takes every form there.
      newResource(ArtifactRegistryRepositoryIamMember, scope, id, parts === undefined ? { ...config, repository } : {
        ...config, project: parts.project, location: parts.location, repository: parts.repository,
      }));
  }

  /**
   * A Cloud Storage bucket.
   *
   * @param bucket its name, without `gs://`
   */
  public static bucket(bucket: string): GcpResource {
    return named(bucket, BUCKET, { absolute: true }, (parts) => (scope, id, config, condition) =>
      newResource(StorageBucketIamMember, scope, id, { ...config, bucket: parts?.bucket ?? bucket, condition }));
  }

  /**
   * A Cloud KMS key.
   *
   * @param cryptoKey `projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>`, or the shorter forms of the provider
   */
  public static cryptoKey(cryptoKey: string): GcpResource {
    return named(cryptoKey, CRYPTO_KEY, {}, (parts) => (scope, id, config, condition) =>
      newResource(KmsCryptoKeyIamMember, scope, id, { ...config, cryptoKeyId: whole(cryptoKey, parts, CRYPTO_KEY), condition }));
  }

  /**
   * A Cloud KMS key ring: every key in it.
   *
   * @param keyRing `projects/<project>/locations/<location>/keyRings/<ring>`, or the shorter forms of the provider
   */
  public static keyRing(keyRing: string): GcpResource {
    return named(keyRing, KEY_RING, {}, (parts) => (scope, id, config, condition) =>
      newResource(KmsKeyRingIamMember, scope, id, { ...config, keyRingId: whole(keyRing, parts, KEY_RING), condition }));
  }

  /**
   * A Pub/Sub topic. Google takes no conditions there.
   *
   * @param topic `projects/<project>/topics/<name>`, or the shorter forms of the provider
   */
  public static topic(topic: string): GcpResource {
    return named(topic, TOPIC, { takesConditions: false }, (parts) => (scope, id, config) =>
      newResource(PubsubTopicIamMember, scope, id, { ...config, topic: parts?.topic ?? topic, project: parts?.project }));
  }

  /**
   * A service account, as a resource.
   *
   * @param name `projects/<project>/serviceAccounts/<email>`
   */
  public static serviceAccount(name: string): GcpResource {
    return named(name, SERVICE_ACCOUNT, { absolute: true }, () => (scope, id, config, condition) =>
      newResource(ServiceAccountIamMember, scope, id, { ...config, serviceAccountId: name, condition }));
  }

  /**
   * A whole project.
   *
   * @param projectId its ID
   */
  public static project(projectId: string): GcpResource {
    return named(projectId, PROJECT_ID, { absolute: true }, (parts) => (scope, id, config, condition) =>
      newResource(ProjectIamMember, scope, id, { ...config, project: parts?.project ?? projectId, condition }));
  }

  /** @internal */
  public static _make(bind: (at: Construct) => BoundResource): GcpResource {
    return new GcpResource(bind);
  }

  private constructor(private readonly bind: (at: Construct) => BoundResource) {}

  /** @internal */
  public _bind(at: Construct): BoundResource {
    return this.bind(at);
  }
}

type Facts = Partial<Pick<BoundResource, 'absolute' | 'takesConditions'>>;

/** A resource by a name of the form; `make` is given the parts, undefined when only Terraform knows them. */
function named(name: string, form: NameForm, facts: Facts, make: (parts: NameParts) => BoundResource['member']): GcpResource {
  return GcpResource._make((at) => {
    const parts = parseName(at, name, form);
    const fullest = whole(name, parts, form);
    return {
      what: form.what,
      name: fullest,
      key: `${form.what} ${valueKey(at, fullest)}`,
      absolute: parts === undefined || 'project' in parts,
      takesConditions: true,
      late: lateName(at, name, form),
      ...facts,
      member: make(parts),
    };
  });
}

function whole(name: string, parts: NameParts, form: NameForm): string {
  return parts === undefined ? name : fullName(parts, form);
}
