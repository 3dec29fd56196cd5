import { Construct } from 'constructs';
import { FluxConfigProps } from './flux-config';
import { FluxRemoteCluster } from './flux-remote-cluster';
import { AccountModel, CONFIG_OPTIONS, FluxModel } from './private/model';
import { YamlTemplate } from './private/yaml';
import { checkedScope } from '../core/shared/ids';
import { checkOptions } from '../core/shared/options';

/** Options of `FluxManifests`. */
export interface FluxManifestsProps extends FluxConfigProps {
  /**
   * Remote clusters that Flux reaches from here; their ConfigMaps are rendered too.
   *
   * @default - none
   */
  readonly remoteClusters?: FluxRemoteCluster[];
}

/**
 * The Kubernetes objects that identities need beside the controllers: object-level service accounts with their annotations,
 * the right for Flux to ask for their tokens, and the ConfigMaps and Secrets that controllers mount. Namespaces are not made.
 *
 * Flux asks for tokens with `create` on `serviceaccounts/token`. Cluster-wide that right is as good as cluster-admin; here it
 * is a Role for each account by name, bound to the controllers that can act as object-level accounts.
 *
 * @see https://fluxcd.io/flux/integrations/aws/#at-the-object-level
 */
export class FluxManifests extends Construct {
  private readonly model: FluxModel;
  private rendered?: string;

  public constructor(scope: Construct, id: string, private readonly props: FluxManifestsProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxManifests', props, { ...CONFIG_OPTIONS, remoteClusters: true });
    this.model = new FluxModel(this, props);
  }

  /** All objects as one YAML stream, for Terraform. Empty when no identity needs any. */
  public get yaml(): string {
    return this.rendered ??= new YamlTemplate().render(this.objects());
  }

  private objects(): unknown[] {
    return [
      ...this.model.objectAccounts.flatMap((account) => this.accountObjects(account)),
      ...this.model.objects,
      ...(this.props.remoteClusters ?? []).map((cluster) => cluster._object()),
    ];
  }

  private accountObjects({ account: { name, namespace }, annotations }: AccountModel): unknown[] {
    const role = `flux-token-request-${name}`;
    return [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, annotations } },
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
