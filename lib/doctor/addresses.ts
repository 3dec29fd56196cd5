/** The ARN of the repository of Amazon ECR that an address names: there it says all. */
export function ecrResource(url: string): string | undefined {
  const [, account, region, china, name] = /^(?:oci:\/\/)?(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?\/([^:@]+)/.exec(url) ?? [];
  if (name === undefined) return undefined;
  return `arn:${china !== undefined ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'}:ecr:${region}:${account}:repository/${name}`;
}

/** The name of the registry of Azure that an address names. */
export function acrName(url: string): string | undefined {
  return /^(?:oci:\/\/)?([a-z0-9]+)\.azurecr\.(?:io|us|cn)\//i.exec(url)?.[1].toLowerCase();
}

/** The repository of Artifact Registry that an address names, of the hosts that say where it is. */
export function garResource(url: string): string | undefined {
  const [, location, project, repository] = /^(?:oci:\/\/)?([a-z0-9-]+)-docker\.pkg\.dev\/([^/]+)\/([^/:@]+)/.exec(url) ?? [];
  return repository === undefined ? undefined : `projects/${project}/locations/${location}/repositories/${repository}`;
}

/** What an object asks. */
export interface Address {
  readonly url?: string;
  readonly bucket?: string;
}

/** Whether an address is of the account, registry, storage account, bucket or project of what was granted. Public registries are nobody's. */
export function isOfResource({ url = '', bucket }: Address, resource: string | undefined, service: string): boolean {
  if (resource === undefined || resource === '*' || /public/i.test(service)) return false;
  if (bucket !== undefined && /^(arn:[\w-]+:s3:::)?[^:/]+(\/.*)?$/.test(resource)) return resource.split(':').pop()!.split('/')[0] === bucket;
  const address = url.replace(/^[a-z0-9+.-]+:\/\//, '').toLowerCase();
  const [scheme, , kind, , account, ...rest] = resource.split(':');
  if (scheme === 'arn') return account !== '' ? kind === 'codecommit' ? address.endsWith(`/repos/${rest.join(':').toLowerCase()}`) : address.startsWith(account) : false;
  const named = /\/(?:registries|storageAccounts)\/([^/]+)/i.exec(resource)?.[1];
  if (named !== undefined) return address.startsWith(`${named.toLowerCase()}.`);
  const [, project, repository] = /^projects\/([^/]+)(?:\/.*\/repositories\/([^/]+))?/.exec(resource) ?? [];
  if (project !== undefined) return `${address}/`.includes(repository === undefined ? `/${project}/` : `/${project}/${repository}/`);
  return /^dev\.azure\.com\//.test(address) && address.startsWith(`dev.azure.com/${resource.toLowerCase()}/`);
}
