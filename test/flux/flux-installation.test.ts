import { mkdtempSync, readFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, Aspects, Fn, TerraformOutput, TerraformStack, Testing } from 'cdktf';
import {
  ClusterIssuer, FluxController, FluxInstallation, FluxInstanceConfig, FluxIrsaRole, FluxKustomization, FluxManifests, FluxOidcProvider,
  FluxServiceAccount, FluxTenant, FluxTesting, FluxVersion,
} from '../../lib';
import { refused } from '../support';
import { cluster, FakeIdentity, known } from './fakes';
import { evaluate } from '../conformance/terraform';

const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);

function app(): App {
  return new App({ outdir: mkdtempSync(join(tmpdir(), 'flux-installation-')), skipValidation: true });
}

test('smoke', () => {
  const { stack, issuer } = cluster();
  const flux = new FluxInstallation(stack, 'Flux', { issuer, version: FluxVersion.V2_9 });
  const k = new FluxKustomization(stack, 'K', { installation: flux });
  new TerraformOutput(stack, 'k', { value: k.yaml });
  new TerraformOutput(stack, 'b64', { value: Fn.base64encode(k.yaml) });
  const inst = new FluxInstanceConfig(stack, 'I', { installation: flux });
  new TerraformOutput(stack, 'parts', { value: Fn.yamlencode({ instance: inst.parts }) });
  new TerraformOutput(stack, 'manifest', { value: inst.manifest });
  new TerraformOutput(stack, 'concat', { value: Fn.base64encode(`# head\n${k.yaml}`) });
  const arn = known(stack, 'arn');
  flux.addIdentity(new FakeIdentity(stack, 'R', { serviceAccounts: [SOURCE], settings: { annotations: { arn: `${arn}/x` } } }));
  flux.addIdentity(new FakeIdentity(stack, 'T', { serviceAccounts: [FluxServiceAccount.of('a', 'flux')], settings: { annotations: { arn: '${literal} "q"' } } }));
  new TerraformOutput(stack, 'm', { value: Fn.base64encode(new FluxManifests(stack, 'M', { installation: flux }).yaml) });
  const outputs = evaluate(Testing.synth(stack), { variables: { arn: 'arn:x' } }).outputs;
  console.log(FluxTesting.text(stack, k.yaml), outputs, Buffer.from(outputs.m as string, 'base64').toString(), flux.warnings);
  void [Aspects, refused, readFileSync, AwsProvider, ClusterIssuer, FluxIrsaRole, FluxOidcProvider, FluxTenant, TerraformStack, app];
});
