import { Observed } from './observe';

/** What Terraform is to check before and after. */
export function conditionsOf(json: any): string[] {
  const blocks = [json.resource, json.data].flatMap((byType) => Object.values<any>(byType ?? {}).flatMap((byName) => Object.values<any>(byName)));
  return blocks.flatMap(({ lifecycle }) => [...lifecycle?.precondition ?? [], ...lifecycle?.postcondition ?? []]).map(({ condition }) => condition);
}

/** A condition that Terraform refuses, or that holds an expression of the user's. */
export function wrongCondition(json: any): string | undefined {
  const conditions = conditionsOf(json);
  const baseless = conditions.find((condition) => !REFERENCE.test(condition.replace(/"(?:[^"\\$]|\\.|\$(?!\{))*"/g, '""')));
  if (baseless !== undefined) return `a condition that refers to nothing, which Terraform refuses: ${baseless}`;
  const open = conditions.find((condition) => /[$%]\{/.test(condition.slice(2).replace(OWN, '').replace(/\$\$\{|%%\{|\$\{[\w.-]+\}/g, '')));
  return open === undefined ? undefined : `a condition with an expression in a text: ${open}`;
}

/** A call that the input itself is (`GROUNDLESS`): what is in it is the caller's own. Ours join two parts at least. (CDKTF leaves a quote as it is.) */
const OWN = /join\("", \["(?:(?!", )[\s\S])*?"\]\)/g;
const REFERENCE = /(?<![\w."])(var|local|data|self|path|terraform|[a-z]+(_[a-z0-9]+)+)\.[A-Za-z_]/;

/** What can be compared where values of Terraform stand within texts: all but conditions, and but texts that only programs read. */
export function evaluable({ json, values, ...others }: Observed): Observed {
  const bare = (byType: any) => eachIn(byType, (byName) => eachIn(byName, withoutConditions));
  return {
    ...others,
    json: { ...json, resource: bare(json.resource), data: bare(json.data) },
    values: Object.fromEntries(Object.entries(values).filter(([name]) => /(yaml|policy|operatorValues)$/i.test(name))),
  };
}

function withoutConditions({ lifecycle, ...body }: any): any {
  const { precondition: _, postcondition: __, ...rest } = lifecycle ?? {};
  return Object.keys(rest).length === 0 ? body : { ...body, lifecycle: rest };
}

function eachIn(map: any, change: (item: any) => any): any {
  return map && Object.fromEntries(Object.entries(map).map(([key, item]) => [key, change(item)]));
}
