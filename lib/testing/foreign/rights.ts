import { TerraformModule, TerraformResource } from 'cdktf';
import { IConstruct } from 'constructs';
import { awsRights } from './aws';
import { azureRights } from './azure';
import { gcpRights } from './gcp';
import { App, appOf, Name, named, namesOf, tells } from './principals';
import { FluxCloud } from '../../core/flux-identity';
import { FluxIdentityBase } from '../../core/shared/flux/identity-base';
import type { Access } from '../expect-access';

/** What something in the app does to the rights of a principal. */
export interface ForeignRight {
  /** What it is and why it matters, behind the name of the construct. */
  readonly why: string;
  /** Whether it may take rights away, and not only give more. */
  readonly takesAway: boolean;
}

/** Who is asked about, and the app to look things up in. */
export interface Asked {
  readonly app: App;
  /** What the cloud calls it. */
  readonly names: readonly Name[];
  /** The roles that the library gives it. */
  readonly roles: readonly Name[];
  /** The question. */
  readonly access: Access;
  /** The resource of the question. */
  readonly resource: string;
}

/** What a resource does to the rights of a principal in its cloud; nothing where it surely does nothing. */
export type ForeignRights = (resource: TerraformResource, asked: Asked) => ForeignRight | undefined;

const CLOUDS: { readonly [cloud in FluxCloud]: ForeignRights } = {
  [FluxCloud.AWS]: awsRights, [FluxCloud.GCP]: gcpRights, [FluxCloud.AZURE]: azureRights,
};

/**
 * What else in the app may bear on the rights of an identity: bindings, policies and modules that are neither its own nor those of
 * identities that are judged with it. What may take rights away comes before what may give more.
 */
export function foreignRights(identity: FluxIdentityBase, judged: readonly IConstruct[], access: Access): ForeignRight | undefined {
  const { root } = identity.node;
  const asked: Asked = {
    app: appOf(root),
    access,
    resource: 'scope' in access ? access.scope : access.resource,
    names: namesOf(identity),
    roles: identity._grants.flatMap(({ rights }) => rights.flatMap(({ role }) => role === undefined ? [] : [named(identity, role) as Name])),
  };
  const found = root.node.findAll().filter((node) => !judged.some((own) => node.node.scopes.includes(own))).flatMap((node) => {
    const right = TerraformResource.isTerraformResource(node) ? CLOUDS[identity.cloud](node, asked)
      : node instanceof TerraformModule ? moduleRight(node, asked) : undefined;
    return right === undefined ? [] : [{ ...right, why: `"${node.node.path}" ${right.why}` }];
  });
  return found.find(({ takesAway }) => takesAway) ?? found[0];
}

/** Nobody knows what a module does with a principal that it is told of. */
function moduleRight(module: TerraformModule, { app, names }: Asked): ForeignRight | undefined {
  const text = JSON.stringify(named(module, module.toTerraform()));
  if (!names.some((name) => tells(app, text, name))) return undefined;
  return { why: '(a module) is told of it, and what it does with that is not known', takesAway: true };
}
