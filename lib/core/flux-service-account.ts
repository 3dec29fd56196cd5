import { FluxController } from './flux-controller';
import { FLUX_OPERATOR } from './shared/flux/operator';
import { oneOf } from './shared/input/option-shape';
import { checkValue } from './shared/input/options';
import { ValidationError } from './shared/input/validation-error';
import { checkNamespace, checkObjectName } from './shared/kubernetes/names';

const CONTROLLER = oneOf('FluxController', FluxController);
const CONTROLLERS = Object.entries(FluxController);

/** Where Flux is installed unless it is said otherwise. */
const FLUX_NAMESPACE = 'flux-system';

/**
 * A Kubernetes service account that Flux acts as: the subject that a cloud trusts.
 *
 * Which factory makes it says the level: `controller` is a controller's own account, used by every Flux object that names
 * no other (single tenant); `of` is an account that Flux objects name in their own namespace (multi-tenant).
 *
 * Guide: docs/concepts.md
 *
 * @see https://fluxcd.io/flux/integrations/aws/#authentication
 */
export class FluxServiceAccount {
  /**
   * The account of a Flux controller: controller level.
   *
   * @param controller the controller
   * @param namespace where Flux is installed, an RFC 1123 label; `flux-system` if left out
   */
  public static controller(controller: FluxController, namespace: string = FLUX_NAMESPACE): FluxServiceAccount {
    checkValue(undefined, 'FluxController', controller, CONTROLLER);
    checkNamespace(undefined, namespace);
    return new FluxServiceAccount(namespace, controller, controller);
  }

  /**
   * The account of the Flux Operator, whose ResourceSetInputProviders list tags of container registries. It is configured by the
   * values of the operator's own Helm chart (`FluxOperatorValues`); the release must be called `flux-operator`.
   *
   * @param namespace where the operator is installed, an RFC 1123 label; `flux-system` if left out
   * @see https://fluxoperator.dev/docs/crd/resourcesetinputprovider/
   */
  public static operator(namespace: string = FLUX_NAMESPACE): FluxServiceAccount {
    checkNamespace(undefined, namespace);
    return new FluxServiceAccount(namespace, FLUX_OPERATOR, FLUX_OPERATOR);
  }

  /**
   * An account that Flux objects name in their own namespace: object level. Any namespace will do, `flux-system` included.
   *
   * @param namespace an RFC 1123 label, plain
   * @param name an RFC 1123 subdomain, plain; not a controller's own account
   */
  public static of(namespace: string, name: string): FluxServiceAccount {
    checkNamespace(undefined, namespace);
    checkObjectName(undefined, 'service account name', name);
    const controller = CONTROLLERS.find(([, value]) => value === name);
    if ((controller || name === FLUX_OPERATOR) && namespace === FLUX_NAMESPACE) {
      throw new ValidationError(undefined, {
        given: `service account "${namespace}/${name}" at object level`,
        allowed: 'an account that is not a controller\'s own',
        why: 'a controller\'s own account is configured on its Deployment; as an object-level account it would be rendered twice',
        fix: `use FluxServiceAccount.${controller ? `controller(FluxController.${controller[0]})` : 'operator()'}`,
      });
    }
    return new FluxServiceAccount(namespace, name, undefined);
  }

  /** The namespace of the account. */
  public readonly namespace: string;
  /** The name of the account. */
  public readonly name: string;
  /**
   * The controller that runs as this account, or "flux-operator"; undefined at object level.
   *
   * @default - object level
   */
  public readonly fluxController?: FluxController;

  private constructor(namespace: string, name: string, controller: FluxController | undefined) {
    this.namespace = namespace;
    this.name = name;
    this.fluxController = controller;
  }

  /** The subject of its tokens, `system:serviceaccount:<namespace>:<name>`. */
  public get subject(): string {
    return `system:serviceaccount:${this.namespace}:${this.name}`;
  }

  /** `<namespace>/<name>`, as errors show it. */
  public toString(): string {
    return `${this.namespace}/${this.name}`;
  }
}
