import { IConstruct } from 'constructs';
import { shown, ValidationError } from '../input/validation-error';
import { requirePlain } from '../terraform/tokens';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Refuses what Kubernetes refuses as a namespace: an RFC 1123 label. */
export function checkNamespace(at: IConstruct | undefined, namespace: string): void {
  requirePlain(at, 'namespace', namespace);
  if (namespace.length <= 63 && LABEL.test(namespace)) return;
  throw new ValidationError(at, {
    given: `namespace ${shown(namespace)}`,
    allowed: 'an RFC 1123 label: 1 to 63 of a-z, 0-9 and "-", beginning and ending with a letter or digit; no wildcard',
    why: 'Kubernetes has no namespace of that name, so no token carries it as subject and every trust policy would refuse it',
    fix: 'pass the namespace exactly as Kubernetes shows it',
  });
}

/** Refuses what Kubernetes refuses as the name of an object: an RFC 1123 subdomain. */
export function checkObjectName(at: IConstruct | undefined, what: string, name: string): void {
  requirePlain(at, what, name);
  if (name.length <= 253 && name.split('.').every((label) => LABEL.test(label))) return;
  throw new ValidationError(at, {
    given: `${what} ${shown(name)}`,
    allowed: 'an RFC 1123 subdomain: 1 to 253 of a-z, 0-9, "-" and ".", each part beginning and ending with a letter or digit; no wildcard',
    why: 'Kubernetes has no object of that name, and a wildcard would be taken literally or trust every account',
    fix: 'pass the name exactly as Kubernetes shows it; list several accounts one by one',
  });
}
