import { Fn, TerraformOutput, Testing } from 'cdktf';
import { describeWith, TERRAFORM } from './programs';
import { evaluate } from './terraform';
import { FluxController, FluxInstanceConfig, FluxKustomization, FluxServiceAccount } from '../../lib';
import { FakeIdentity, installed, known } from '../flux/fakes';

const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);

/** Settings with everything that an expression may take for its own. */
function settings(value: string, other: string) {
  return {
    annotations: { value: `${value}/x`, literal: '${a} "b" \\ %{c}\n', both: `$\${x} $${value}%${other}` },
    env: [{ name: 'A', value: other }, { name: 'B', value: '$${escaped} %%{escaped}' }],
  };
}

describeWith([TERRAFORM], 'text of deliveries in expressions of Terraform', () => {
  it('comes to the same bytes as outside of one, though it was read before anything was added', () => {
    const { stack, flux } = installed();
    const [kustomization, instance] = [new FluxKustomization(stack, 'Kustomization', { installation: flux }), new FluxInstanceConfig(stack, 'Instance', { installation: flux })];
    new TerraformOutput(stack, 'plain', { value: kustomization.yaml });
    new TerraformOutput(stack, 'encoded', { value: Fn.base64encode(kustomization.yaml) });
    new TerraformOutput(stack, 'between', { value: Fn.base64encode(`# head\n${kustomization.yaml}# tail`) });
    new TerraformOutput(stack, 'manifest', { value: instance.manifest });
    new TerraformOutput(stack, 'values', { value: Fn.jsondecode(Fn.jsonencode({ instance: instance.parts })) });
    flux.addIdentity(new FakeIdentity(stack, 'Id', { serviceAccounts: [SOURCE], settings: settings(known(stack, 'v'), known(stack, 'w')) }));
    const { outputs } = evaluate(Testing.synth(stack), { variables: { v: 'V', w: 'W"${z} \\ %{q}\n' } });
    const decoded = (name: string) => Buffer.from(outputs[name], 'base64').toString();
    expect(outputs.plain).toContain('value: "V/x"');
    expect(decoded('encoded')).toBe(outputs.plain);
    expect(decoded('between')).toBe(`# head\n${outputs.plain}# tail`);
    const { cluster, kustomize } = outputs.manifest.spec;
    expect(outputs.values.instance).toEqual(JSON.parse(JSON.stringify({ cluster, kustomize })));
  });
});
