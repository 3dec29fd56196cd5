import { IConstruct } from 'constructs';
import { refuse } from '../../../core/shared/input/validation-error';
import { matches, TerraformCheck } from '../../../core/shared/terraform/check';
import { isLate } from '../../../core/shared/terraform/text-form';
import { hasToken } from '../../../core/shared/terraform/tokens';

/** What the first byte says in base64: a public key has the tag 6, as old packets write it and as new ones; a private one has 5. */
const PUBLIC = 'm|x[g-v]';
const PRIVATE = /^\s*(l|x[Q-Za-f])[A-Za-z0-9+/=\s]*$|-----BEGIN PGP PRIVATE|^LS0tLS1CRUdJTiBQR1AgUFJJVkFURS/;
const ALLOWED = 'a PGP public key, binary and then in base64, or "keybase:<user>"';

/** Refuses what encrypts nothing, and a private key, which would lie in the state; by Terraform where only it knows. Shows nothing of it. */
export function checkPgpKey(at: IConstruct, key: string | undefined): TerraformCheck[] {
  if (key === undefined) return [];
  if (isLate(key, /^[A-Za-z0-9+/=\s:_.-]*$/)) {
    return [{
      condition: matches(`^(keybase:[A-Za-z0-9_.-]+|(${PUBLIC})[A-Za-z0-9+/=[:space:]]*)$`, key),
      errorMessage: `${at.node.path}: pgpKey is not ${ALLOWED}.`,
    }];
  }
  if (!hasToken(key) && new RegExp(`^(keybase:[A-Za-z0-9_.-]+|(${PUBLIC})[A-Za-z0-9+/=\\s]*)$`).test(key)) return [];
  const isPrivate = PRIVATE.test(key);
  refuse(at, isPrivate ? '`pgpKey` with a private key' : '`pgpKey` in another form', ALLOWED,
    isPrivate ? 'it would lie in the state beside what it decrypts' : 'the provider decodes base64 and reads a public key: text between "-----BEGIN" and "-----END" is none',
    'pass what `gpg --export <key> | base64` prints');
}
