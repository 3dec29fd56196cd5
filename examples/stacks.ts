import { App } from 'cdktf';
import { EksToAws } from './eks-to-aws/stack';
import { OtherToAws } from './other-to-aws/stack';

/** Every example, one stack a folder. */
export function addExamples(app: App): void {
  new EksToAws(app, 'flux-aws-eks');
  new OtherToAws(app, 'flux-aws-other');
}
