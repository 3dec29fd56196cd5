// What `recorded.json` holds, as input of main.go: for each cloud and level the right token and its wrong relatives.
const ISSUER = 'https://acme-oidc-onprem.s3.eu-west-1.amazonaws.com';
const PROVIDER = 'iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/onprem/providers/onprem';
const AUDIENCES = {
  controller: { aws: 'sts.amazonaws.com', azure: 'api://AzureADTokenExchange', gcp: `https://${PROVIDER}` },
  object: { aws: 'sts.amazonaws.com', azure: 'api://AzureADTokenExchange', gcp: `//${PROVIDER}` },
};
const SUBJECTS = {
  controller: { namespace: 'flux-system', account: 'source-controller', pod: 'source-controller-6b8f9c7d4-x2k9p' },
  object: { namespace: 'team-a', account: 'flux' },
};
const CENTURY = 100 * 365 * 24 * 3600; // the tests are run later than they were recorded

const requests = Object.entries(AUDIENCES).flatMap(([level, audiences]) => Object.entries(audiences).flatMap(([cloud, audience]) => {
  const right = { issuer: ISSUER, key: 'old', audience, seconds: CENTURY, ...SUBJECTS[level] };
  return Object.entries({
    'right': {},
    'new key': { key: 'new' },
    'foreign key': { key: 'foreign' },
    'issuer': { issuer: 'https://kubernetes.default.svc.cluster.local' },
    'namespace': { namespace: 'team-b' },
    'account': { account: 'default' },
    'audience': { audience: 'https://kubernetes.default.svc' },
    'expired': { seconds: -60 },
  }).map(([what, change]) => ({ name: `${cloud} ${level}: ${what}`, ...right, ...change }));
}));

process.stdout.write(JSON.stringify({ issuer: ISSUER, jwksUri: `${ISSUER}/openid/v1/jwks`, requests }));
