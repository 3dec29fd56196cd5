import { ArnForm } from './arn';

/** The ARN of a KMS key: never of an alias. */
export const KMS_KEY: ArnForm = {
  what: 'KMS key ARN',
  service: 'kms',
  scope: 'regional',
  resource: /^key\/(mrk-)?[0-9a-f-]{32,36}$/,
  example: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  why: 'IAM compares the resource with the key\'s ARN; anything else matches nothing and KMS answers AccessDenied',
  fixes: [
    [/:alias\//, 'an alias is no resource of kms:Decrypt; pass the ARN of its key, or use KmsPermissions.decryptByAlias'],
    [/^alias\//, 'pass the ARN of the alias\'s key, or the alias\'s ARN to KmsPermissions.decryptByAlias'],
    [/^(mrk-)?[0-9a-f-]{32,36}$/, 'this is a key ID; pass the ARN (Terraform attribute `arn` of the key)'],
  ],
};

/** The ARN of a KMS alias. */
export const KMS_ALIAS: ArnForm = {
  what: 'KMS alias ARN',
  service: 'kms',
  scope: 'regional',
  resource: /^alias\/[a-zA-Z0-9/_-]+$/,
  example: 'arn:aws:kms:eu-west-1:111122223333:alias/sops',
  why: 'the alias, its account and its region decide which keys may be used through it',
  fixes: [[/:key\//, 'this is a key; use KmsPermissions.decrypt']],
};
