/** A text that no reader of YAML takes for anything else: it begins with a letter, and is no word and no number (`e1`) of YAML 1.1 and 1.2. */
const WORD = /^(?!(?:null|true|false|yes|no|on|off|y|n|e[-+]?\d+)$)[a-z](?:[\w./:@=-]{0,253}[\w/])?$/i;
/** What begins with "/", "--" or a variable of Flux is read as text too. */
const PATH_OR_FLAG = /^(?:\/|--(?=[a-z])|\$\{\w+\})(?:(?:[\w./:@=-]|\$\{\w+\}){0,253}(?:[\w/-]|\$\{\w+\}))?$/i;
/** A text of whole lines, none empty: a patch, which is YAML itself. */
const LINES = /^(?! )(?:[ -~]*[!-~]\n)+$/;

/** What would be a boolean without quotes. */
const QUOTED = /^(?:true|false)$/;

/** Whether a structure is made of such texts alone, as nearly all of Kubernetes is: `plainYaml` can write it. */
export function isPlainYaml(value: unknown): boolean {
  if (typeof value === 'string') return value === '' || QUOTED.test(value) || WORD.test(value) || PATH_OR_FLAG.test(value) || LINES.test(value);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.length > 0 && value.every(isPlainYaml);
  const entries = Object.entries(value);
  return entries.length > 0 && entries.every(([key, item]) => WORD.test(key) && isPlainYaml(item));
}

/** A plain map or list as the serializer writes it, in a hundredth of its time: where there are a thousand tenants, that counts. */
export function plainYaml(value: object, indent = ''): string {
  if (Array.isArray(value)) {
    return value.map((item) => `${indent}- ${typeof item === 'object' ? plainYaml(item, `${indent}  `).slice(indent.length + 2) : scalar(item, indent)}`).join('');
  }
  return Object.entries(value).map(([key, item]) => (
    typeof item === 'object' ? `${indent}${key}:\n${plainYaml(item, `${indent}  `)}` : `${indent}${key}: ${scalar(item, indent)}`
  )).join('');
}

function scalar(text: string, indent: string): string {
  if (text.endsWith('\n')) return `|\n${text.replace(/^(?=.)/gm, `${indent}  `)}`;
  return text === '' || QUOTED.test(text) ? `"${text}"\n` : `${text}\n`;
}
