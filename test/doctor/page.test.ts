import { LAYERS } from '../../lib/doctor/layers';
import { anchorOf, MESSAGES, MESSAGES_PAGE } from '../../lib/doctor/messages';
import type { Message } from '../../lib/doctor/messages/message';
import { holdTable, holdText } from '../tables';

/** Text in lines that fit, below a list mark. */
function item(what: string, text: string): string {
  const lines = [''];
  // What stands in angle brackets outside of code would be taken for HTML, and not be shown.
  const shown = text.replace(/`[^`]*`|</g, (found) => found === '<' ? '\\<' : found);
  for (const word of `- **${what}** ${shown}`.split(' ')) {
    const line = lines[lines.length - 1];
    if (line === '') lines[lines.length - 1] = word;
    else if (`${line} ${word}`.length > 148) lines.push(`  ${word}`);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join('\n');
}

function partOf(message: Message): string {
  const { title, sample, layer, cause, check, fix } = message;
  return [`### ${title}`, '', '```text', sample, '```', '', item('Layer', `${layer}.`), item('Cause', cause), item('Check', check), item('Fix', fix), ''].join('\n');
}

test('the page has every layer in its order', () => {
  holdTable(MESSAGES_PAGE, 'layers', ['layer', 'what it decides'], Object.entries(LAYERS).map(([layer, decides]) => [layer, decides]));
});

test('the page has every message that the doctor knows, and no other', () => {
  holdText(MESSAGES_PAGE, 'messages', Object.entries(MESSAGES).map(([by, messages]) => `## ${by}\n\n${messages.map(partOf).join('\n')}`).join('\n'));
});

test('what people look for is on it', () => {
  const anchors = Object.values(MESSAGES).flat().map(anchorOf).join('\n');
  const texts = Object.values(MESSAGES).flat().map(({ sample, title }) => `${title} ${sample}`).join('\n');
  expect(anchors.split('\n').length).toBeGreaterThan(60);
  for (const text of ['AccessDenied', 'InvalidIdentityToken', 'AADSTS70021:', 'AADSTS700211', 'AADSTS700212', 'AADSTS700213', '403', 'Identity Pool does not exist', 'EntityAlreadyExists', 'VS403283']) {
    expect(texts).toContain(text);
  }
});
