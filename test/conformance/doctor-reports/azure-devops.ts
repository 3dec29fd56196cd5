import { Report } from './report';

const DEVOPS = 'flux-azure-devops';

/** Azure DevOps, whose users and groups are its own. */
export const DEVOPS_REPORTS: readonly Report[] = [
  {
    what: 'the client id was made a user of the organization in place of the object id',
    world: DEVOPS,
    done: (c) => {
      const { client_id: client, principal_id: principal } = c.resource('azurerm_user_assigned_identity', 'flux-git-reader');
      c.resource('azuredevops_service_principal_entitlement', principal).origin_id = client;
    },
    verdict: 'refused',
    layer: 'identity',
    names: /object ID/,
  },
  {
    what: 'an administrator tidied the group up',
    world: DEVOPS,
    done: (c) => {
      const { principal_id: principal } = c.resource('azurerm_user_assigned_identity', 'flux-git-reader');
      const { descriptor } = c.resource('azuredevops_service_principal_entitlement', principal);
      c.resource('azuredevops_group_membership', descriptor).members = ['aad.c29tZWJvZHkgZWxzZQ'];
    },
    verdict: 'refused',
    layer: 'permission',
    names: /group/,
  },
];
