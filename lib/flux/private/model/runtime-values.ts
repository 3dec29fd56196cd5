import { IConstruct } from 'constructs';
import type { AccountModel } from './accounts';
import type { FluxModel, KubernetesObject } from './model';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { byKey } from '../../../core/shared/sort';
import { escapedForFlux, hasFluxVariable, withoutFluxVariables } from '../../../core/shared/terraform/flux-variables';
import { callOn } from '../../../core/shared/terraform/light-token';
import { asInJson, TerraformText } from '../../../core/shared/terraform/text';
import { hasToken, splitAtTokens } from '../../../core/shared/terraform/tokens';
import { YamlTemplate } from '../render/yaml';

/** The ConfigMap of the values; the flux-operator-bootstrap module calls it so too. */
export const RUNTIME_INFO = 'flux-runtime-info';

/** Keys of ConfigMaps are no longer. */
const LONGEST = 253;

/**
 * Text that stands in YAML without quotes and is text to every reader: no number, no boolean, no date, no mark of YAML. (Of the
 * classes that Terraform's expressions, JavaScript's and cdktf's arguments agree on.)
 */
const UNQUOTED = '^([A-Za-z/][A-Za-z0-9_]*[-./:@][A-Za-z0-9_./:@+=,-]*[A-Za-z0-9_/]|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$';
const UNQUOTED_TEXT = new RegExp(UNQUOTED);
/** Words too, but those that some reader of YAML 1.1 takes for a boolean, a number or nothing. */
const WORD = /^(?!(y|n|yes|no|on|off|true|false|null|e[0-9_]+)$)[a-z][a-z0-9_]*$/i;
const PARTS = /^[A-Za-z0-9_./:@+=,-]*$/;

interface Value {
  readonly value: string;
  /** Whose it is, for errors. */
  readonly of: string;
}

/**
 * What an installation tells Flux, with variables in place of values. Names are made of what the values belong to and never of the
 * values, so that a file with them says the same whoever the identity is.
 */
export class RuntimeValues {
  /** The model, to be rendered with variables. */
  public readonly substituted: FluxModel;
  private readonly values = new Map<string, Value>();
  private written?: { readonly [name: string]: string };
  private rendered?: string;

  public constructor(private readonly at: IConstruct, private readonly model: FluxModel) {
    const accounts = (of: readonly AccountModel[]) => ({ value: of.map((account) => this.account(account)) });
    const objects = (of: readonly KubernetesObject[]) => ({ value: of.map((object) => this.object(object)) });
    this.substituted = Object.create(model, {
      controllerAccounts: accounts(model.controllerAccounts),
      objectAccounts: accounts(model.objectAccounts),
      objects: objects(model.objects),
      remoteObjects: objects(model.remoteObjects),
    });
  }

  /** The values by their variables, as texts of YAML: quoted where they would be taken for something else. For Terraform. */
  public get texts(): { readonly [name: string]: string } {
    return this.written ??= byKey(Object.fromEntries([...this.values].map(([name, { value }]) => [name, scalar(value)])));
  }

  /** The ConfigMap of the values as YAML for Terraform. */
  public get info(): string {
    return this.rendered ??= YamlTemplate.text({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: RUNTIME_INFO,
        namespace: this.model.namespace,
        labels: { 'reconcile.fluxcd.io/watch': 'Enabled' },
        annotations: { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' },
      },
      data: this.texts,
    });
  }

  private account(account: AccountModel): AccountModel {
    const { account: { fluxController, namespace, name }, identities } = account;
    const whose = fluxController === undefined ? `${namespace}__${name}` : name;
    const of = `service account "${account.account}" (${identities.map(({ node }) => `"${node.path}"`).join(', ')})`;
    const variable = (what: string, value: string) => this.variable(`${whose}__${what}`, value, of);
    const all = (texts: { readonly [key: string]: string }, kind: string) => Object.fromEntries(
      Object.entries(texts).map(([key, value]) => [key, variable(`${kind}${key}`, value)]),
    );
    return {
      ...account,
      annotations: all(account.annotations, ''),
      stamps: all(account.stamps, 'stamp_'),
      // Paths in the pod are ours, and none of the identity's.
      env: account.env.map((each) => each.value === undefined || each.value.startsWith('/') ? each : { ...each, value: variable(`env_${each.name}`, each.value) }),
      tokens: account.tokens.map((token) => ({ ...token, audience: variable(`audience_${token.path}`, token.audience) })),
    };
  }

  /** ConfigMaps; Secrets are no values for a ConfigMap. */
  private object(object: KubernetesObject & { readonly data?: { readonly [key: string]: string } }): KubernetesObject {
    if (object.kind !== 'ConfigMap' || object.data === undefined) return object;
    const { namespace, name } = object.metadata;
    const of = `ConfigMap "${namespace}/${name}"`;
    const data = Object.entries(object.data).map(([key, value]) => [key, this.variable(`${namespace}__${name}__data_${key}`, value, of)]);
    return { ...object, data: Object.fromEntries(data) } as KubernetesObject;
  }

  private variable(parts: string, value: string, of: string): string {
    // What holds a variable of the user's is no value: Flux looks once.
    if (hasFluxVariable(value)) return this.usersOwn(value, of);
    const name = `flux_${parts.toLowerCase().replace(/[^a-z0-9]/g, '_')}`;
    if (name.length > LONGEST) {
      throw new ValidationError(this.at, {
        given: `variable "${name}" of ${of}, which has ${name.length} characters.`,
        allowed: `${LONGEST} characters, as keys of ConfigMaps have`,
        why: 'the ConfigMap with the values would be refused',
        fix: 'give the account or the object a shorter name, or deliver it with FluxValues.RENDERED',
      });
    }
    const other = this.values.get(name);
    if (other !== undefined && (other.of !== of || other.value !== value)) {
      throw new ValidationError(this.at, {
        given: `variable ${shown(name)} for two values: one of ${other.of} and one of ${of}.`,
        allowed: 'one value for each variable',
        why: 'one of them would get the value of the other',
        fix: 'rename one of the two, so that they differ in more than dots and dashes',
      });
    }
    this.values.set(name, { value, of });
    return `\${${name}}`;
  }

  private usersOwn(value: string, of: string): string {
    if (!hasToken(withoutFluxVariables(value))) return escapedForFlux(value);
    throw new ValidationError(this.at, {
      given: `a FluxVariable beside a value that only Terraform knows, in one text of ${of}, with FluxValues.SUBSTITUTED.`,
      allowed: 'a text of variables and plain parts, or of values',
      why: 'Flux replaces variables once: in the value of another variable they stay as they are',
      fix: 'give the variable the whole value, or render this delivery with FluxValues.RENDERED',
    });
  }
}

/** The value as Flux puts it into YAML, where it is a scalar by itself: Flux takes no notice of what it is. */
function scalar(value: string): string {
  if (!hasToken(value)) return UNQUOTED_TEXT.test(value) || WORD.test(value) ? value : quoted(value);
  if (!splitAtTokens(value).every((part, index) => index % 2 === 1 || PARTS.test(part))) return quoted(value);
  return callOn(value, (text) => `(can(regex("${UNQUOTED}", ${text})) ? ${text} : replace(jsonencode(${text}), "\\u0085", "\\\\u0085"))`, () => quoted(value));
}

function quoted(value: string): string {
  const text = new TerraformText((part) => part, true);
  return asInJson(text.template(JSON.stringify(text.hold(value))));
}
