import { IConstruct } from 'constructs';
import { FluxController } from '../../../core/flux-controller';
import { FluxSecret, FluxSecretUse } from '../../../core/flux-secret';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { refuse } from '../../../core/shared/input/validation-error';

/** An access key, as Flux is given it. */
export interface AccessKeyValue {
  readonly id: string;
  readonly secret: string;
}

/** The Secret that a controller's environment is read from. */
export function controllerSecretName(controller: FluxController): string {
  return `${controller}-aws-access-key`;
}

/** Every Secret with the key, as Kubernetes objects. */
export function secretsOf(key: AccessKeyValue, controllers: FluxServiceAccount[], secrets: FluxSecret[], namespace: string): object[] {
  return [
    ...controllers.map(({ fluxController }) => secretObject(namespace, controllerSecretName(fluxController!), pair(key))),
    ...secrets.map(({ use, namespace: of, name }) => secretObject(of, name, use === FluxSecretUse.SOPS ? { 'sops.aws-kms': sopsText(key) } : pair(key))),
  ];
}

/** Refuses accounts and Secrets that take no access key. */
export function checkKeyHolders(at: IConstruct, accounts: FluxServiceAccount[] = [], secrets: FluxSecret[] = []): void {
  if (accounts.length + secrets.length === 0) {
    refuse(at, 'no service account and no Secret.', 'at least one of `serviceAccounts` and `secrets`',
      'nobody would use the key', 'pass controllers, or FluxSecret.bucket(...) or FluxSecret.sops(...)');
  }
  const object = accounts.find(({ fluxController }) => fluxController === undefined);
  if (object !== undefined) {
    refuse(at, `object-level service account "${object}" for an access key`, 'controllers, or `secrets`',
      'at object level Flux reads keys from a Secret that the object names, not from a service account',
      'pass FluxSecret.bucket(namespace, name) or FluxSecret.sops(namespace, name) as `secrets`');
  }
  const provider = secrets.find(({ use }) => use === FluxSecretUse.PROVIDER);
  if (provider !== undefined) {
    refuse(at, `Secret "${provider.namespace}/${provider.name}" of a notification Provider`, 'FluxSecret.bucket(...) and FluxSecret.sops(...)',
      'Flux has no notification Provider for AWS', 'remove it');
  }
  const names = [...accounts.map((account) => `service account "${account}"`), ...secrets.map(({ namespace, name }) => `Secret "${namespace}/${name}"`)];
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined) {
    refuse(at, `${double} twice.`, 'each once', 'the second would overwrite the first', 'remove one; a Secret for Buckets and one for SOPS need different names');
  }
}

function pair({ id, secret }: AccessKeyValue) {
  return { accesskey: id, secretkey: secret };
}

/** YAML inside the Secret: quoted, so that no key is ever taken for a number. */
function sopsText({ id, secret }: AccessKeyValue): string {
  return `aws_access_key_id: "${id}"\naws_secret_access_key: "${secret}"\n`;
}

function secretObject(namespace: string, name: string, stringData: { [key: string]: string }): object {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type: 'Opaque', stringData };
}
