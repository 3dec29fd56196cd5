// The resources of cold-library by the bare bindings, imported through their root.
// eslint-disable-next-line no-restricted-imports -- what it costs is the point
import { iamOpenidConnectProvider, iamRole, iamRolePolicy, provider } from '@cdktf/provider-aws';
import { oneRole } from './cold-bare';

oneRole({ ...provider, ...iamOpenidConnectProvider, ...iamRole, ...iamRolePolicy });
