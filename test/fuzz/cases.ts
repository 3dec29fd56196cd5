/** Inputs that once went wrong, kept: by slot, as a text within the slot's sample. Found by the fuzz, or by people who attacked the library. */
export const CASES: readonly (readonly [slot: string, text: string])[] = [
  // Executed by Terraform, where it should have been text.
  ['FluxIrsaRole(description)', '${file("/etc/hostname")}'],
  ['FluxIrsaRole(tags.team)', '%{if true}yes%{endif}'],
  ['FluxGcpServiceAccount(displayName)', '${x} %{ $$${y}'],
  ['FluxAzureFederatedIdentity(tags.a)~', '${x}'],
  ['KmsPermissions.decryptByGrant(encryptionContext.app)', '${jsonencode(1)}'],
  ['GcpPermission.of(condition.expression)', '${x}'],
  // The end of a line to Go's parser of YAML.
  ['FluxRemoteCluster.eks(caCertificate)', 'x\u2028address: https://evil'],
  ['FluxRemoteCluster.generic(audiences[])', 'x\u0085kind: Injected'],
  ['FluxKustomization(resources[])', 'a\u2029b'],
  ['FluxAzureFederatedIdentity(audience)', 'a\u2028\u2029\u0085b'],
  // Lost by CDKTF.
  ['BlobHostedIssuer(tags.a)~', '__proto__'],
  // Half of a token is text.
  ['AwsPermission.of(conditions.StringEquals.aws:SourceAccount[])', '${TfToken['],
  ['FluxFile(content)', '${"'],
  ['AwsPermission.of(conditions.StringEquals.aws:SourceAccount[])', '${TfToken[TOKEN.987654321]}'],
  ['AwsPermission.of(conditions.StringEquals.aws:SourceAccount[])', '#{TfToken[TOKEN.987654321]}'],
  ['FluxGcpServiceAccountKey(keepers.month)~', 'x     kind: Injected${"\n...\n'],
];

/** The same of texts around a value that only Terraform knows, at that place. */
export const AROUND: readonly (readonly [slot: string, before: string, after: string])[] = [
  // Executed by Terraform, in the argument and in a condition.
  ['FluxPodIdentityRole(targetRoleArn)', '', '$${escaped}'],
  ['FluxPodIdentityRole(targetRoleArn)', '', '${file("/etc/hostname")}'],
  ['S3HostedIssuer(bucketName)', '', '${file("/etc/hostname")}'],
  ['S3HostedIssuer.inBucket(bucketName)', '$', ''],
  ['AcrPermissions.pull[0]', '$', ''],
  ['KeyVaultPermissions.decryptByAccessPolicy[0]', '$$', ''],
  ['AzurePermission.of(condition)', '', '%{x}'],
  ['EksPermissions.access(authenticationMode)', '', '%{if true}yes%{endif}'],
  // Refused by CDKTF in its own words.
  ['FluxIrsaRole.fromRoleArn(roleArn)', '', '${file("/etc/hostname")}'],
  ['FluxKmsKeyPolicy(administrators[])', '', '""'],
  ['FluxNodeRole.fromRoleArn(roleArn)', '"', ''],
  ['CodeCommitPermissions.pull[0]', '"quoted"', ''],
  ['EksPermissions.access[0]', '""', ''],
  // The functions of CDKTF warned.
  ['EksPermissions.access[0]', '', ''],
  ['FluxAzureFederatedIdentity.fromIdentityId(identityId)', '', ''],
  ['FluxIamUser(pgpKey)', 'a\r\nb', ''],
  ['FluxAzureApplication(certificate)', '', 'toString'],
  ['AksPermissions.inCluster[0]', '', '$(VAR)'],
  // A mark of the text and that of the value would be another.
  ['FluxIrsaRole(description)', 'costs $', '%'],
];
