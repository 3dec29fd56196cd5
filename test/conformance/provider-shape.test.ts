import { BY_HAND } from './provider-shape/facts';
import { Schema, schemaOf } from './provider-shape/schema';
import { FORMS } from './provider-shape/shape';
import { flatResources, shownState } from './provider-shape/show';
import { READ, READ_MEMBER } from '../../lib/doctor/state';

/** What the doctor reads of other versions of a provider than the one whose schema is here. */
const OF_OTHER_VERSIONS: { readonly [type: string]: readonly string[] } = {
  azurerm_federated_identity_credential: ['user_assigned_identity_id'], // 5, in place of parent_id
};
const MEMBERS = [
  'google_project_iam_member', 'google_storage_bucket_iam_member', 'google_artifact_registry_repository_iam_member', 'google_kms_crypto_key_iam_member', 'google_pubsub_topic_iam_member',
  'google_kms_key_ring_iam_member', 'google_service_account_iam_binding', 'google_folder_iam_member', 'google_organization_iam_member',
];

describe('states in the shape of the providers', () => {
  it.each(Object.entries(READ))('%s has what the doctor reads of it', (type, attributes) => {
    const schema = schemaOf(type);
    const isIn = (of: Schema, [name, ...inside]: readonly string[]): boolean => (
      of.has(name) && (inside.length === 0 || isIn(of.get(name)!.nested!, inside))
    );
    const isKnown = (path: string) => schema === undefined ? BY_HAND[type].includes(path) : isIn(schema, path.split('.'));
    expect(attributes.filter((each) => !isKnown(each) && !OF_OTHER_VERSIONS[type]?.includes(each))).toEqual([]);
  });

  it('members of Google have what the doctor reads of them', () => {
    const names = new Set(MEMBERS.flatMap((type) => [...schemaOf(type)!.keys()]));
    expect(READ_MEMBER.filter((each) => !names.has(each))).toEqual([]);
  });

  it.each(FORMS)('have every attribute, blocks as lists, and marks: %s', (form) => {
    const flat = flatResources({
      'aws_iam_access_key.Key': { user: 'flux', id: 'AKIA', secret: 's3cret' },
      'module.pool.module.inner["a.b"].google_iam_workload_identity_pool_provider.Provider[0]': { workload_identity_pool_id: 'p', oidc: { issuer_uri: 'https://a.example.com' } },
      'data.aws_eks_cluster.Cluster': { name: 'prod' },
    });
    const { root_module: root } = shownState(flat, form).values;
    const [key, cluster] = root.resources;
    expect([...Object.keys(key.values)].sort()).toEqual([...schemaOf('aws_iam_access_key')!.keys()].sort());
    expect(key.sensitive_values).toEqual({ secret: true, ses_smtp_password_v4: true });
    expect([cluster.mode, cluster.type, cluster.name, cluster.address]).toEqual(['data', 'aws_eks_cluster', 'Cluster', 'data.aws_eks_cluster.Cluster']);
    const [inner] = root.child_modules[0].child_modules;
    expect([root.child_modules[0].address, inner.address]).toEqual(['module.pool', 'module.pool.module.inner["a.b"]']);
    const [provider] = inner.resources;
    const nothing = form === 'applied' ? null : '';
    expect([provider.name, provider.index, provider.values.display_name, provider.values.saml, provider.values.timeouts]).toEqual(['Provider', 0, nothing, [], null]);
    expect(provider.values.oidc).toEqual([{ allowed_audiences: form === 'applied' ? null : [], issuer_uri: 'https://a.example.com', jwks_json: nothing }]);
    expect(provider.sensitive_values).toEqual({ oidc: [form === 'applied' ? {} : { allowed_audiences: [] }], aws: [], saml: [], x509: [], ...form === 'applied' ? {} : { attribute_mapping: {} } });
  });
});
