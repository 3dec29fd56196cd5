import { byLayer, Layer } from './layers';
import { anchorOf, FoundMessage, MESSAGES_PAGE } from './messages';
import { withoutSecrets } from '../core/shared/input/secrets';

/** What was found, for people and programs. */
export interface Finding {
  readonly verdict: 'refused' | 'cannot tell';
  readonly layer: Layer;
  /** Whom it concerns: accounts with their clouds, or Flux objects. One cause is one finding, whoever has it. */
  readonly of: readonly string[];
  readonly saw: string;
  /** What should be. */
  readonly expected?: string;
  /** The message that Flux fails with, or failed with. */
  readonly says?: string;
  /** The smallest step that mends it, or how to get the file that would tell. */
  readonly fix: string;
  /** The page on it. */
  readonly page?: string;
}

/** The findings of an error's text. */
export function ofMessages(found: readonly FoundMessage[]): Finding[] {
  return found.map(({ message, layer, said }): Finding => ({
    verdict: 'refused',
    layer,
    of: [],
    saw: [message.cause, ...Object.entries(said).map(([what, value]) => `${what}: ${value}`)].join('\n'),
    expected: `Look at: ${message.check}`,
    says: message.title,
    fix: message.fix,
    page: `${MESSAGES_PAGE}#${anchorOf(message)}`,
  }));
}

/** Findings in the order of the layers, what is refused first, with nothing in them that could be a secret. */
export function shownFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => Number(a.verdict !== 'refused') - Number(b.verdict !== 'refused') || byLayer(a, b)).map((finding) => ({
    ...finding,
    of: finding.of.map(withoutSecrets),
    saw: lines(finding.saw),
    ...(finding.expected === undefined ? {} : { expected: lines(finding.expected) }),
    fix: lines(finding.fix),
  }));
}

function lines(text: string): string {
  return text.split('\n').map(withoutSecrets).join('\n');
}

/** Findings in text. */
export function renderFindings(findings: readonly Finding[]): string {
  return findings.map((finding) => {
    const head = `${finding.verdict}: ${finding.layer}${finding.of.length === 0 ? '' : `, of ${finding.of.join(', ')}`}`;
    const rows = Object.entries({
      saw: finding.saw, expected: finding.expected, says: finding.says, fix: finding.fix, see: finding.page,
    }).filter((row): row is [string, string] => row[1] !== undefined);
    return [head, ...rows.map(([name, text]) => `  ${name.padEnd(9)} ${text.replace(/\n/g, `\n${' '.repeat(12)}`)}`)].join('\n');
  }).join('\n\n');
}
