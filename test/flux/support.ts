import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { parse, parseAllDocuments } from 'yaml';
import { IClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxCloud, FluxContext, FluxSettings, IFluxIdentity } from '../../lib/core/flux-identity';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { rendered, resolved } from '../support';

/** An identity of a cloud that the library knows nothing else about. */
export class FakeIdentity extends Construct implements IFluxIdentity {
  public constructor(
    scope: Construct, id: string, public readonly cloud: FluxCloud, public readonly serviceAccounts: FluxServiceAccount[],
    private readonly settings: FluxSettings, private readonly objects: any[] = [], private readonly trusted = true,
  ) {
    super(scope, id);
  }

  public trusts(_issuer: IClusterIssuer): boolean {
    return this.trusted;
  }

  public fluxSettings(_account: FluxServiceAccount, _context: FluxContext): FluxSettings {
    return this.settings;
  }

  public fluxObjects(_context: FluxContext): any[] {
    return this.objects;
  }
}

/** The kustomization as objects, its patches too. */
export function kustomization(scope: TerraformStack, yaml: string): any {
  const file = parse(rendered(resolved(scope, yaml)), { uniqueKeys: true });
  return { ...file, patches: file.patches?.map(({ target, patch }: any) => ({ target, patch: parse(patch) })) };
}

/** A stream of manifests as objects. */
export function manifests(scope: TerraformStack, yaml: string): any[] {
  return parseAllDocuments(rendered(resolved(scope, yaml))).map((document: any) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
}
