/**
 * The samples of Flux's pages on cloud integrations, filled in and applied by hand: what our kustomization must come to. Each is a
 * whole kustomization; `{controller}` stands for one controller.
 */
export const ROLE_ARN = 'arn:aws:iam::111122223333:role/flux';
export const CLIENT_ID = '11111111-2222-4333-8444-555555555555';
export const TENANT_ID = 'aaaabbbb-0000-4000-8000-ccccddddeeee';
export const WIF_PROVIDER = 'projects/123456789012/locations/global/workloadIdentityPools/prod/providers/prod';
export const GSA_EMAIL = 'flux-apps@acme-prod.iam.gserviceaccount.com';

const serviceAccount = (annotations: string) => `
- target:
    kind: ServiceAccount
    name: "({controller})"
  patch: |
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: controller
      annotations:
${annotations.trim().split('\n').map((line) => `        ${line.trim()}`).join('\n')}
`;

const deployment = (operations: string) => `
- target:
    kind: Deployment
    name: "({controller})"
  patch: |
${operations.replace(/^\n/, '').split('\n').map((line) => `    ${line}`).join('\n')}
`;

const env = (name: string, value: string) => `
- op: add
  path: /spec/template/spec/containers/0/env/-
  value:
    name: ${name}
    value: ${value}
`.trim();

const secretEnv = (name: string, secret: string, key: string) => `
- op: add
  path: /spec/template/spec/containers/0/env/-
  value:
    name: ${name}
    valueFrom:
      secretKeyRef:
        name: ${secret}
        key: ${key}
`.trim();

const token = (name: string, audience: string) => `
- op: add
  path: /spec/template/spec/volumes/-
  value:
    name: ${name}
    projected:
      sources:
      - serviceAccountToken:
          audience: ${audience}
          expirationSeconds: 3600
          path: ${name}
- op: add
  path: /spec/template/spec/containers/0/volumeMounts/-
  value:
    name: ${name}
    mountPath: /var/run/service-account
    readOnly: true
`.trim();

const mount = (name: string, source: string, mountPath: string, subPath?: string) => `
- op: add
  path: /spec/template/spec/volumes/-
  value:
    name: ${name}
    ${source}
- op: add
  path: /spec/template/spec/containers/0/volumeMounts/-
  value:
    name: ${name}
    mountPath: ${mountPath}${subPath === undefined ? '' : `\n    subPath: ${subPath}`}
    readOnly: true
`.trim();

const argument = (value: string) => `
- op: add
  path: /spec/template/spec/containers/0/args/-
  value: ${value}
`.trim();

/** @see https://fluxcd.io/flux/integrations/aws/#at-the-controller-level */
export const AWS_EKS = serviceAccount(`eks.amazonaws.com/role-arn: ${ROLE_ARN}`);
export const AWS_OTHER = deployment([
  env('AWS_REGION', 'eu-west-1'),
  env('AWS_ROLE_ARN', ROLE_ARN),
  env('AWS_ROLE_SESSION_NAME', '{controller}.flux-system.eu-west-1.fluxcd.io'),
  env('AWS_WEB_IDENTITY_TOKEN_FILE', '/var/run/service-account/aws-token'),
  token('aws-token', 'sts.amazonaws.com'),
].join('\n'));
export const AWS_ACCESS_KEY = deployment([
  secretEnv('AWS_ACCESS_KEY_ID', '{controller}-aws-access-key', 'accesskey'),
  secretEnv('AWS_SECRET_ACCESS_KEY', '{controller}-aws-access-key', 'secretkey'),
].join('\n'));

/** @see https://fluxcd.io/flux/integrations/azure/#at-the-controller-level */
export const AZURE_AKS = serviceAccount(`
azure.workload.identity/client-id: ${CLIENT_ID}
azure.workload.identity/tenant-id: ${TENANT_ID}
`) + `
- target:
    kind: Deployment
    name: "({controller})"
  patch: |
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: controller
    spec:
      template:
        metadata:
          labels:
            azure.workload.identity/use: "true"
`;
export const AZURE_OTHER = deployment([
  env('AZURE_TENANT_ID', TENANT_ID),
  env('AZURE_CLIENT_ID', CLIENT_ID),
  env('AZURE_AUTHORITY_HOST', 'https://login.microsoftonline.com/'),
  env('AZURE_FEDERATED_TOKEN_FILE', '/var/run/service-account/azure-token'),
  token('azure-token', 'api://AzureADTokenExchange'),
].join('\n'));
export const AZURE_CERTIFICATE = deployment([
  env('AZURE_TENANT_ID', TENANT_ID),
  env('AZURE_CLIENT_ID', CLIENT_ID),
  env('AZURE_CLIENT_CERTIFICATE_PATH', '/var/run/app-cert/cert-and-key'),
  mount('app-cert', 'secret: {secretName: azure-certificate}', '/var/run/app-cert/cert-and-key', 'cert-and-key'),
  secretEnv('AZURE_CLIENT_CERTIFICATE_PASSWORD', 'azure-certificate', 'key-password'),
  env('AZURE_CLIENT_SEND_CERTIFICATE_CHAIN', '"true"'),
].join('\n'));
/** The page prints the file; the patch is what "mounted into the controller pod" comes to. */
export const AZURE_PRIVATE_CLOUD = deployment([
  env('AZURE_ENVIRONMENT_FILEPATH', '/etc/azure-environment/environment.json'),
  mount('azure-environment', 'configMap: {name: azure-environment}', '/etc/azure-environment'),
].join('\n'));

/** @see https://fluxcd.io/flux/integrations/gcp/#at-the-controller-level */
export const GCP_GKE = serviceAccount(`iam.gke.io/gcp-service-account: ${GSA_EMAIL}`);
/** Direct or impersonating: the difference is in the ConfigMap. */
export const GCP_OTHER = deployment([
  env('GOOGLE_APPLICATION_CREDENTIALS', '/etc/workload-identity/credential-configuration.json'),
  token('gcp-token', `https://iam.googleapis.com/${WIF_PROVIDER}`),
  mount('workload-identity-credential-configuration', 'configMap: {name: "{controller}-workload-identity-federation"}', '/etc/workload-identity'),
].join('\n'));
export const GCP_KEY = deployment([
  env('GOOGLE_APPLICATION_CREDENTIALS', '/etc/gcp-service-account/key.json'),
  mount('gcp-service-account', 'secret: {secretName: "{controller}-gcp-service-account"}', '/etc/gcp-service-account'),
].join('\n'));

/** @see https://fluxcd.io/flux/integrations/aws/#at-the-object-level */
export const GATE = deployment(argument('--feature-gates=ObjectLevelWorkloadIdentity=true'));

/** @see https://fluxcd.io/flux/installation/configuration/multitenancy/ */
export const LOCKDOWN = [
  ['kustomize-controller|helm-controller|notification-controller|image-reflector-controller|image-automation-controller|source-watcher', '--no-cross-namespace-refs=true'],
  ['kustomize-controller', '--no-remote-bases=true'],
  ['kustomize-controller|helm-controller', '--default-service-account=default'],
].map(([names, value]) => deployment(argument(value)).replace('{controller}', names)).join('') + `
- patch: |
    - op: add
      path: /spec/serviceAccountName
      value: kustomize-controller
  target:
    kind: Kustomization
    name: flux-system
`;

/**
 * Right for Flux 2.6. The page says so of later ones too, but there it is the rule on leases.
 *
 * @see https://fluxcd.io/flux/installation/configuration/multitenancy/#flux-object-level-workload-identity-rbac
 */
export const NO_TOKEN_RIGHT = `
- patch: |
    - op: remove
      path: /rules/10
  target:
    kind: ClusterRole
    name: crd-controller-flux-system
`;

/** The kustomization of a page, for some controllers, or for those that the page names. */
export function page(patches: string, ...controllers: string[]): string {
  const filled = controllers.length === 0 ? patches : controllers.map((controller) => patches.split('{controller}').join(controller)).join('');
  return `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
- gotk-components.yaml
- gotk-sync.yaml
patches:${filled}`;
}
