import { App } from 'cdktf';
import { FluxVersion } from '../lib';
import { EksToAws } from './eks-to-aws/stack';
import { FluxOperator } from './flux-operator/stack';
import { MultiTenant } from './multi-tenant/stack';
import { OtherToAws } from './other-to-aws/stack';

/** Every example, one stack a folder. */
export function addExamples(app: App): void {
  new EksToAws(app, 'flux-aws-eks');
  new OtherToAws(app, 'flux-aws-other');
  new MultiTenant(app, 'flux-multi-tenant', FluxVersion.V2_9);
  new MultiTenant(app, 'flux-multi-tenant-2-10', FluxVersion.V2_10);
  new FluxOperator(app, 'flux-operator');
}
