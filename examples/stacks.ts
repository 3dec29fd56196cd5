import { App } from 'cdktf';
import { EksToAws } from './eks-to-aws/stack';
import { EksToGcp } from './eks-to-gcp/stack';
import { GcpKeys } from './gcp-keys/stack';
import { GkeToGcp } from './gke-to-gcp/stack';
import { GkeToRemoteGke } from './gke-to-remote-gke/stack';
import { KindToGcp } from './kind-to-gcp/stack';
import { OtherToAws } from './other-to-aws/stack';

/** Every example, one stack a folder. */
export function addExamples(app: App): void {
  new EksToAws(app, 'flux-aws-eks');
  new OtherToAws(app, 'flux-aws-other');
  new GkeToGcp(app, 'flux-gcp-gke');
  new EksToGcp(app, 'flux-gcp-other');
  new KindToGcp(app, 'flux-gcp-kind');
  new GkeToRemoteGke(app, 'flux-gcp-remote-cluster');
  new GcpKeys(app, 'flux-gcp-keys');
}
