import { TerraformStack } from 'cdktf';
import { parse, parseAllDocuments } from 'yaml';
import { rendered, resolved } from '../support';

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
