import { ArnForm } from './arn';

/** The ARN of a bucket: never of its objects. */
export const BUCKET: ArnForm = {
  what: 'S3 bucket ARN',
  service: 's3',
  scope: 'global',
  resource: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  example: 'arn:aws:s3:::flux-manifests',
  why: 'both the bucket\'s ARN and its objects\' ARNs are made of it; with another form neither matches and Flux gets 403',
  fixes: [
    [/^arn:[^:]*:s3:::[^/]+\//, 'this is an ARN of objects; pass the bucket\'s ARN, and the path as the option `prefix`'],
    [/^s3:\/\//, 'this is a URI; pass the bucket\'s ARN, and the path as the option `prefix`'],
  ],
};
