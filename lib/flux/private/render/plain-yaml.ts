import { isPlain } from '../../../core/shared/input/validation-error';
import { hasToken } from '../../../core/shared/terraform/tokens';

/** A text that no reader of YAML takes for anything else: it begins with a letter, and is no word and no number (`e1`) of YAML 1.1 and 1.2. */
const WORD = /^(?!(?:null|true|false|yes|no|on|off|y|n|e[-+]?\d+)$)[a-z](?:[\w./:@=-]{0,253}[\w/])?$/i;
/** What begins with "/", "--" or a variable of Flux is read as text too. */
const PATH_OR_FLAG = /^(?:\/|--(?=[a-z])|\$\{\w+\})(?:(?:[\w./:@=-]|\$\{\w+\}){0,253}(?:[\w/-]|\$\{\w+\}))?$/i;
/** A text of whole lines, none empty: a patch, which is YAML itself. */
const LINES = /^(?! )(?:[ -~]*[!-~]\n)+$/;

/** What would be a boolean without quotes. */
const QUOTED = /^(?:true|false)$/;

/**
 * A map or list as the serializer writes it, in a hundredth of its time: where there are a thousand tenants, that counts. Undefined where
 * it is not made of such texts alone, as nearly all of Kubernetes is.
 */
export function plainYaml(value: unknown, indent = ''): string | undefined {
  const isList = Array.isArray(value);
  if (!isList && !isPlain(value)) return undefined;
  let text = '';
  for (const [key, item] of Object.entries(value)) {
    const isScalar = typeof item === 'string';
    const inner = isScalar ? scalar(item, indent) : plainYaml(item, `${indent}  `);
    if (inner === undefined) return undefined;
    if (isList) {
      text += `${indent}- ${isScalar ? inner : inner.slice(indent.length + 2)}`;
    } else {
      if (!WORD.test(key)) return undefined;
      text += `${indent}${key}:${isScalar ? ' ' : '\n'}${inner}`;
    }
  }
  return text === '' ? undefined : text;
}

function scalar(text: string, indent: string): string | undefined {
  if (text === '' || QUOTED.test(text)) return `"${text}"\n`;
  if (WORD.test(text) || PATH_OR_FLAG.test(text)) return `${text}\n`;
  return LINES.test(text) && !hasToken(text) ? `|\n${text.replace(/^(?=.)/gm, `${indent}  `)}` : undefined;
}
