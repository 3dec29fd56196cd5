/** How an identity of AWS proves who it is. */
export enum AwsIdentityKind {
  WEB_IDENTITY = 'web identity',
  POD_IDENTITY = 'Pod Identity',
  ACCESS_KEY = 'access key',
  NODE = 'node',
}

/** Where Flux takes credentials from: the controller's own, those of the account or Secret that an object names, the node's. */
export type Level = 'controller' | 'object' | 'node';

const EVERYWHERE: Record<AwsIdentityKind, readonly Level[]> = {
  [AwsIdentityKind.WEB_IDENTITY]: ['controller', 'object'],
  [AwsIdentityKind.POD_IDENTITY]: ['controller'],
  [AwsIdentityKind.ACCESS_KEY]: ['controller', 'object'],
  [AwsIdentityKind.NODE]: [],
};

/** What Flux supports: the table in README.md says the same, and a test holds them together. */
export const SUPPORT: Record<string, Record<AwsIdentityKind, readonly Level[]>> = {
  'ecr': { ...EVERYWHERE, [AwsIdentityKind.ACCESS_KEY]: [], [AwsIdentityKind.NODE]: ['node'] },
  'ecr-public': { ...EVERYWHERE, [AwsIdentityKind.ACCESS_KEY]: [] },
  's3': EVERYWHERE,
  'kms': EVERYWHERE,
  'eks': { ...EVERYWHERE, [AwsIdentityKind.ACCESS_KEY]: ['controller'] },
  'codecommit': { ...EVERYWHERE, [AwsIdentityKind.ACCESS_KEY]: ['controller'] },
};

/** Where Flux can use a service with this kind of identity. Services that Flux does not know are the caller's own business. */
export function supportOf(service: string, kind: AwsIdentityKind): readonly Level[] {
  return (SUPPORT[service] ?? EVERYWHERE)[kind];
}

/** The service of an AWS-managed policy, where it can be told by its name. */
export function serviceOfManagedPolicy(arn: string): string | undefined {
  return [
    [/ElasticContainerRegistryPublic/, 'ecr-public'],
    [/ContainerRegistry/, 'ecr'],
    [/AmazonS3/, 's3'],
  ].find(([pattern]) => (pattern as RegExp).test(arn))?.[1] as string | undefined;
}
