import { IConstruct } from 'constructs';
import { hasUrlCredential } from '../../../core/shared/input/secrets';
import { refuse, shown } from '../../../core/shared/input/validation-error';

/** Refuses a URL that carries a password or a token: what is rendered lies in Git, in outputs and in states. */
export function requireNoUrlCredential(at: IConstruct, name: string, text: string, instead: string): void {
  if (!hasUrlCredential(text)) return;
  refuse(at, `${name} ${shown(text)}`, 'a URL without user and password', 'what is rendered is read by everybody who reads Git, the state or the output, and stays in them',
    `leave the credential out of the URL: name a Secret that holds it (${instead}), or an identity`);
}
