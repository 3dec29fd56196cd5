import { AwsStatement } from '../../lib/aws/aws-permission';
import { PolicySize } from '../../lib/aws/private/policy/size';
import { policyDocument, prepared } from '../../lib/aws/private/policy/statement';
import { jsonSize } from '../../lib/core/shared/terraform/text-size';
import { shuffled, stack } from '../support';
import { bucket } from './support';

test('adding up gives the size of the merged document, at every step and in any order', () => {
  const token = bucket(stack()).arn;
  const grants: AwsStatement[][] = [
    [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::a/*', token] }, { actions: ['s3:ListBucket'], resources: [token] }],
    [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::a/*'] }],
    [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/*'] }, { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::c/"*'] }],
    [{ actions: ['kms:Decrypt'], resources: ['*'], conditions: { StringEquals: { 'kms:RequestAlias': [token, 'alias/x'] } } }],
    [{ actions: ['kms:Decrypt'], resources: ['*'] }],
    [{ actions: ['b:Y', 'b:X'], resources: ['*'] }, { actions: ['b:X', 'b:Y'], resources: ['z', '*'] }],
  ];
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const [size, roomy] = [new PolicySize(), new PolicySize()];
    const all: AwsStatement[] = [];
    for (const grant of shuffled(grants, seed)) {
      all.push(...grant);
      const real = jsonSize(policyDocument(all)).estimate;
      expect(size.with(grant.map(prepared))).toBe(real);
      expect(size.addWithin(real - 1, grant.map(prepared))).toBe(false);
      expect(size.addWithin(real, grant.map(prepared))).toBe(true);
      expect(roomy.addWithin(10 * real, grant.map(prepared))).toBe(true);
    }
    // What was never near a limit is measured as closely as the rest, once it is.
    expect(roomy.addWithin(jsonSize(policyDocument(all)).estimate - 1, [])).toBe(false);
    expect(roomy.with([])).toBe(jsonSize(policyDocument(all)).estimate);
  }
});
