import { Construct } from 'constructs';
import { FluxDeliveryProps } from './flux-delivery-props';
import type { FluxTenant } from './flux-tenant';
import { FluxValues } from './flux-values';
import { DeliveryBase, Told } from './private/delivery/delivery-base';
import { AccountModel } from './private/model/accounts';
import { FluxModel } from './private/model/model';
import { INSTALLATION } from './private/options';
import { withoutEmpty } from './private/render/pod';
import { YamlTemplate } from './private/render/yaml';
import { VALUES } from './private/values-option';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkOptions } from '../core/shared/input/options';
import { ValidationError } from '../core/shared/input/validation-error';
import { configMapObject } from '../core/shared/kubernetes/objects';
import { byKey } from '../core/shared/sort';
import { literal } from '../core/shared/terraform/text';

/** Options of `FluxManifests`. */
export interface FluxManifestsProps extends FluxDeliveryProps {
  /**
   * Where values come in. With `FluxValues.SUBSTITUTED` only `yaml` can be used, and there can be no Secrets.
   *
   * @default - as the installation says
   */
  readonly values?: FluxValues;
}

/**
 * The Kubernetes objects that identities need beside the controllers: object-level service accounts with their annotations,
 * the right for Flux to ask for their tokens, the ConfigMaps and Secrets that controllers mount or Flux objects name, and
 * tenants with their namespaces. (Namespaces of accounts that are no tenant's are not made.)
 *
 * Flux asks for tokens with `create` on `serviceaccounts/token`. Cluster-wide that right is as good as cluster-admin; here it
 * is a Role for each account by name, bound to the controllers that can act as object-level accounts.
 *
 * Guide: docs/flux/manifests.md
 *
 * @see https://fluxcd.io/flux/integrations/aws/#at-the-object-level
 */
@allOrNothing
export class FluxManifests extends DeliveryBase {
  /** @internal */
  public readonly _tells = Told.CLUSTER;
  private readonly model: FluxModel;

  public constructor(scope: Construct, id: string, props: FluxManifestsProps) {
    super(scope, id);
    checkOptions(this, 'FluxManifests', props, { installation: INSTALLATION, values: VALUES });
    this._takeValues(props.values ?? props.installation._values);
    this.model = this._join(props.installation);
  }

  /**
   * All objects as one YAML stream, for Terraform, rendered at synthesis with all that is added until then. Where `hasSecrets`, it
   * carries credentials: mark the output `sensitive`. When nothing is needed it is one ConfigMap that says so: kubectl takes no
   * empty stream.
   */
  public get yaml(): string {
    return this._text('yaml', () => {
      const all = this.all(this._rendered);
      this.requireNoSecret(all);
      return YamlTemplate.forFlux().render(all.length > 0 ? all : [nothing(this.model)]);
    });
  }

  /**
   * The same objects as a list, for Terraform; empty when nothing is needed. Terraform may make them in any order, unless it is told
   * one (`waves`). Nothing can be added to
   * the installation once it was read.
   */
  public get objects(): any[] {
    this._requireRendered('objects');
    return this._now('objects', () => literal(this.all(this.model)));
  }

  /**
   * The same objects in the order in which they can be made: namespaces, then accounts, roles and the rest, then bindings. Where Terraform
   * makes each, let those of a wave wait for the wave before. Nothing can be added to the installation once it was read.
   */
  public get waves(): any[][] {
    this._requireRendered('waves');
    return this._now('waves', () => {
      const all: any[] = literal(this.all(this.model));
      const waveOf = ({ kind }: any) => kind === 'Namespace' ? 0 : kind === 'RoleBinding' ? 2 : 1;
      return [0, 1, 2].map((wave) => all.filter((object) => waveOf(object) === wave)).filter((objects) => objects.length > 0);
    });
  }

  /** Whether there are Secrets among them. Nothing can be added to the installation once it was read. */
  public get hasSecrets(): boolean {
    return this._known('hasSecrets', () => this.model.objects.some(({ kind }) => kind === 'Secret'));
  }

  private all(model: FluxModel): unknown[] {
    return [
      ...model.tenants.flatMap((tenant) => tenantObjects(tenant)),
      ...model.objectAccounts.flatMap((account) => [serviceAccount(account), ...(model.usesToken(account) ? this.tokenRight(account) : [])]),
      ...model.objects,
      ...model.remoteObjects,
    ];
  }

  /** What goes to Git is for everyone to read. */
  private requireNoSecret(all: readonly any[]): void {
    const secret = this._substitutes ? all.find(({ kind }) => kind === 'Secret') : undefined;
    if (secret === undefined) return;
    throw new ValidationError(this, {
      given: `Secret "${secret.metadata.namespace}/${secret.metadata.name}" in manifests with FluxValues.SUBSTITUTED.`,
      allowed: 'objects without credentials',
      why: 'they are for Git, and a credential is no value for a ConfigMap either',
      fix: 'deliver these manifests with FluxValues.RENDERED, by Terraform',
    });
  }

  private tokenRight({ account: { name, namespace } }: AccountModel): unknown[] {
    const role = `flux-token-request-${name}`;
    return [
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: role, namespace },
        rules: [{ apiGroups: [''], resources: ['serviceaccounts/token'], resourceNames: [name], verbs: ['create'] }],
      },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: role, namespace },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role },
        subjects: this.model.objectLevelControllers.map((controller) => ({ kind: 'ServiceAccount', name: controller, namespace: this.model.namespace })),
      },
    ];
  }
}

function nothing({ namespace }: FluxModel): unknown {
  return configMapObject(namespace, 'cdktf-flux-identity', { needed: 'Nothing: no identity of this Flux needs an object beside the controllers.' });
}

function serviceAccount({ account: { name, namespace }, annotations }: AccountModel): unknown {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, ...withoutEmpty({ annotations: byKey(annotations) }) } };
}

function tenantObjects({ namespace, serviceAccount: { name }, clusterRole }: FluxTenant): unknown[] {
  const labels = { 'toolkit.fluxcd.io/tenant': namespace };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } },
    ...(clusterRole === undefined ? [] : [{
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'flux-tenant', namespace, labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: clusterRole },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    }]),
  ];
}
