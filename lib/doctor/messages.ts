import { byLayer, Layer } from './layers';
import { AWS } from './messages/aws';
import { AZURE } from './messages/azure';
import { FLUX } from './messages/flux';
import { GCP } from './messages/gcp';
import type { Message } from './messages/message';
import { NETWORK } from './messages/network';
import { TERRAFORM } from './messages/terraform';
import { withoutSecrets } from '../core/shared/input/secrets';

/** The page that has all messages, below the documentation. */
export const MESSAGES_PAGE = 'docs/troubleshooting.md';

/** The known messages by whoever says them; the titles are the headings of the page, in this order. */
export const MESSAGES: { readonly [by: string]: readonly Message[] } = {
  'Flux and Kubernetes': FLUX,
  'AWS': AWS,
  'Azure': AZURE,
  'Google Cloud': GCP,
  'Networks and clouds that fail': NETWORK,
  'Terraform, at apply': TERRAFORM,
};

/** A message that was found in a text. */
export interface FoundMessage {
  readonly message: Message;
  readonly layer: Layer;
  /** What the text says of the request: who, what, on what. */
  readonly said: { readonly [what: string]: string };
}

/** The known messages in a text, by layer; vague ones only where nothing more exact is said. */
export function messagesIn(text: string): FoundMessage[] {
  const found = Object.values(MESSAGES).flat().flatMap((message): FoundMessage[] => {
    const match = message.pattern.exec(text);
    if (match === null) return [];
    const said = Object.entries(match.groups ?? {}).flatMap(([what, value]) => value === undefined ? [] : [[what, withoutSecrets(value)]]);
    return [{ message, layer: message.layer, said: Object.fromEntries(said) }];
  });
  const exact = found.filter(({ message }) => !message.vague);
  return (exact.length > 0 ? exact : found).sort(byLayer);
}

/** The anchor of a message on the page, as GitHub makes it of its heading. */
export function anchorOf({ title }: Message): string {
  return title.toLowerCase().replace(/[^\w\- ]/g, '').replace(/ /g, '-');
}
