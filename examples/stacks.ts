import { App } from 'cdktf';
import { AwsAccessKeys } from './aws-access-keys/stack';
import { AwsCrossAccount } from './aws-cross-account/stack';
import { EksPodIdentity } from './eks-pod-identity/stack';
import { EksToAws } from './eks-to-aws/stack';
import { EksToRemoteEks } from './eks-to-remote-eks/stack';
import { OtherToAws } from './other-to-aws/stack';

/** Every example, one stack a folder. */
export function addExamples(app: App): void {
  new EksToAws(app, 'flux-aws-eks');
  new OtherToAws(app, 'flux-aws-other');
  new EksPodIdentity(app, 'flux-aws-pod-identity');
  new EksToRemoteEks(app, 'flux-aws-remote-cluster');
  new AwsCrossAccount(app, 'flux-aws-cross-account');
  new AwsAccessKeys(app, 'flux-aws-access-keys');
}
