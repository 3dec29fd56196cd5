import { TerraformOutput, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { parseAllDocuments } from 'yaml';
import { ClusterIssuer, IClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxCloud, FluxContext, FluxSettings, IFluxIdentity } from '../../lib/core/flux-identity';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstallation, FluxInstallationProps } from '../../lib/flux/flux-installation';
import { FluxTesting } from '../../lib/flux/flux-testing';

export const ISSUER_URL = 'https://oidc.example.com/clusters/prod';

/** A stack with a cluster. */
export function cluster(): { stack: TerraformStack; issuer: ClusterIssuer } {
  const stack = new TerraformStack(Testing.app(), 'stack');
  return { stack, issuer: ClusterIssuer.oidc(stack, 'Cluster', { url: ISSUER_URL }) };
}

/** A stack with a cluster and its Flux: 2.9, unless the test says otherwise. */
export function installed(props: Partial<FluxInstallationProps> = {}): { stack: TerraformStack; issuer: ClusterIssuer; flux: FluxInstallation } {
  const { stack, issuer } = cluster();
  return { stack, issuer, flux: new FluxInstallation(stack, 'Flux', { issuer, version: FluxVersion.V2_9, ...props }) };
}

/** The same with an identity of some accounts, if there are any. */
export function installedFor(serviceAccounts: FluxServiceAccount[], settings?: FluxSettings, props: Partial<FluxInstallationProps> = {}) {
  const made = installed(props);
  if (serviceAccounts.length > 0) made.flux.addIdentity(new FakeIdentity(made.stack, 'Id', { serviceAccounts, settings }));
  return made;
}

/** A construct that renders YAML. */
type Delivery = IConstruct & { readonly yaml: string };

/** What a delivery renders, as Terraform would write it. */
export function textOf(delivery: Delivery): string {
  return FluxTesting.text(delivery, delivery.yaml);
}

/** The documents that a delivery renders. */
export function documentsOf(delivery: Delivery): any[] {
  return documents(textOf(delivery));
}

/** The ids of what an installation warns of. */
export function warned(flux: FluxInstallation): string[] {
  return flux.warnings.map(({ id }) => id);
}

/** What a fake identity is and says. */
export interface FakeIdentityProps {
  readonly serviceAccounts: FluxServiceAccount[];
  readonly cloud?: FluxCloud;
  readonly settings?: FluxSettings;
  readonly objects?: any[];
  readonly trusts?: boolean;
}

/** An identity of some cloud that says what the test wants. */
export class FakeIdentity extends Construct implements IFluxIdentity {
  public readonly cloud: FluxCloud;
  public readonly serviceAccounts: FluxServiceAccount[];
  public asked = 0;

  public constructor(scope: Construct, id: string, private readonly props: FakeIdentityProps) {
    super(scope, id);
    this.cloud = props.cloud ?? FluxCloud.AWS;
    this.serviceAccounts = props.serviceAccounts;
  }

  public trusts(_issuer: IClusterIssuer): boolean {
    return this.props.trusts ?? true;
  }

  public fluxSettings(account: FluxServiceAccount, _context: FluxContext): FluxSettings {
    this.asked += 1;
    return this.props.settings ?? { annotations: { who: `${this.node.id}-${account.name}` } };
  }

  public fluxObjects(_context: FluxContext): any[] {
    return this.props.objects ?? [];
  }
}

/** A value that only Terraform knows. */
export function known(scope: Construct, id: string): string {
  return new TerraformVariable(scope, id, { type: 'string' }).stringValue;
}

/** A value as it stands in the synthesized stack. */
export function resolved(stack: TerraformStack, value: any): any {
  new TerraformOutput(stack, 'resolved', { value });
  return JSON.parse(Testing.synth(stack)).output.resolved.value;
}

/** The documents of a stream, read as Kubernetes reads them. */
export function documents(yaml: string): any[] {
  return parseAllDocuments(yaml, { version: '1.1' }).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS();
  }).filter((document) => document !== null);
}

/** The patches of a kustomization, each with its patch parsed. */
export function patchesOf(kustomization: Delivery): any[] {
  return (documentsOf(kustomization)[0].patches ?? []).map(({ target, patch }: any) => ({ target, patch: documents(patch)[0] }));
}

/** The arguments that patches add to a controller. */
export function addedArguments(patches: any[], controller: string): string[] {
  return patches.filter(({ target }) => target.kind === 'Deployment' && target.name === controller)
    .flatMap(({ patch }) => Array.isArray(patch) ? patch : [])
    .filter(({ op, path }) => op === 'add' && path === '/spec/template/spec/containers/0/args/-')
    .map(({ value }) => value);
}

/** The message of the error that is thrown. */
export function errorOf(action: () => unknown): string {
  try {
    action();
  } catch (error: any) {
    expect(error.name).toBe('ValidationError');
    return error.message;
  }
  throw new Error('nothing was thrown');
}
