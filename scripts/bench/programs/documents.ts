/** The policy documents as one writes them by hand, in the form IAM stores. */
export function trustDocument(providerArn: string, issuer: string, subject: string | string[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{
      Effect: 'Allow',
      Principal: { Federated: providerArn },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: subject } },
    }],
  });
}

/** Trust in one service account of a cluster with EKS Pod Identity. */
export function podTrustDocument(clusterArn: string, account: string, namespace: string, serviceAccount: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{
      Effect: 'Allow',
      Principal: { Service: 'pods.eks.amazonaws.com' },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Condition: {
        StringEquals: {
          'aws:RequestTag/eks-cluster-arn': clusterArn,
          'aws:RequestTag/kubernetes-namespace': namespace,
          'aws:RequestTag/kubernetes-service-account': serviceAccount,
          'aws:SourceAccount': account,
        },
      },
    }],
  });
}

/** Pull from a repository, read a bucket. */
export function permissionDocument(repositoryArn: string | string[], bucketArn?: string): string {
  const bucket = bucketArn === undefined ? [] : [
    { Effect: 'Allow', Action: 's3:GetObject', Resource: `${bucketArn}/*` },
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: bucketArn },
  ];
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:ListImages'], Resource: repositoryArn },
      { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
      ...bucket,
    ],
  });
}
