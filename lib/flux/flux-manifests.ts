import { Construct } from 'constructs';
import { FluxConfigProps } from './flux-config';
import { FluxTenant } from './flux-tenant';
import { AccountModel, FluxModel } from './private/model/model';
import { CONFIG_OPTIONS } from './private/options';
import { withoutEmpty } from './private/render/pod';
import { forTerraform, YamlTemplate } from './private/render/yaml';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkedScope } from '../core/shared/input/construct-ids';
import { checkOptions } from '../core/shared/input/options';
import { byKey } from '../core/shared/sort';

/** Options of `FluxManifests`. */
export interface FluxManifestsProps extends FluxConfigProps {}

/**
 * The Kubernetes objects that identities need beside the controllers: object-level service accounts with their annotations,
 * the right for Flux to ask for their tokens, the ConfigMaps and Secrets that controllers mount or Flux objects name, and
 * tenants with their namespaces. (Namespaces of accounts that are no tenant's are not made.)
 *
 * Flux asks for tokens with `create` on `serviceaccounts/token`. Cluster-wide that right is as good as cluster-admin; here it
 * is a Role for each account by name, bound to the controllers that can act as object-level accounts.
 *
 * @see https://fluxcd.io/flux/integrations/aws/#at-the-object-level
 */
@allOrNothing
export class FluxManifests extends Construct {
  private readonly model: FluxModel;
  private rendered?: string;

  public constructor(scope: Construct, id: string, private readonly props: FluxManifestsProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxManifests', props, CONFIG_OPTIONS);
    this.model = new FluxModel(this, props, true);
  }

  /**
   * All objects as one YAML stream, for Terraform. Empty when no identity needs any. Where `hasSecrets`, it carries credentials:
   * mark the output `sensitive`.
   */
  public get yaml(): string {
    return this.rendered ??= new YamlTemplate().render(this.all());
  }

  /** The same objects as a list, for Terraform (one `kubernetes_manifest` each). */
  public get objects(): any[] {
    return forTerraform(this.all());
  }

  /** Whether there are Secrets among them. */
  public get hasSecrets(): boolean {
    return this.model.objects.some(({ kind }) => kind === 'Secret');
  }

  private all(): unknown[] {
    const tokenNames = new Set(this.model.tokenAccounts.map(({ account }) => String(account)));
    return [
      ...this.model.tenants.flatMap((tenant) => tenantObjects(tenant)),
      ...this.model.objectAccounts.flatMap((account) => [
        serviceAccount(account),
        ...(tokenNames.has(String(account.account)) ? this.tokenRight(account) : []),
      ]),
      ...this.model.objects,
      ...(this.props.remoteClusters ?? []).map((cluster) => cluster._object()),
    ];
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
