// The resources of cold-library by the bare bindings, imported one by one.
import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { oneRole } from './cold-bare';

oneRole({ AwsProvider, IamOpenidConnectProvider, IamRole, IamRolePolicy });
