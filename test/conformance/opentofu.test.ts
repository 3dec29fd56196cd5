import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { TerraformStack, Testing } from 'cdktf';
import { describeWith, OPENTOFU, TERRAFORM } from './programs';
import { evaluate, evaluateIn } from './terraform';
import { addExamples } from '../../examples/stacks';

/** Of each cloud, of all three, with objects for every tenant, and one that reads the states of others. `npm run conformance` with TERRAFORM_BINARY_NAME=tofu has all. */
const EXAMPLES = ['flux-aws-eks', 'flux-gcp-gke', 'flux-azure-aks', 'flux-hosted-issuer', 'flux-multi-tenant-2-10', 'flux-landing-zone-delivery'];

describeWith([TERRAFORM, OPENTOFU], 'OpenTofu makes of an example what Terraform makes of it', () => {
  const [terraform, tofu] = [TERRAFORM, OPENTOFU].map((binary) => {
    const app = Testing.app();
    addExamples(app);
    return (id: string) => evaluateIn(app, id, { binary });
  });

  test.each(EXAMPLES)('%s', (id) => {
    const { outputs, resources, dependencies } = tofu(id);
    expect(outputs.kustomization).toContain('kind: Kustomization');
    expect({ outputs, resources, dependencies }).toEqual((({ events, state, ...same }) => same)(terraform(id)));
  });
});

describeWith([TERRAFORM, OPENTOFU], 'OpenTofu in place of Terraform', () => {
  const stack = (longest: number) => {
    const scope = new TerraformStack(Testing.app(), 's');
    new IamRole(scope, 'First', { name: 'first', assumeRolePolicy: '{}' });
    const condition = `\${length(aws_iam_role.First.arn) < ${longest}}`;
    new IamRole(scope, 'Second', { name: 'second', assumeRolePolicy: '{}', lifecycle: { precondition: [{ condition, errorMessage: 'The ARN is too long.' }] } });
    return scope;
  };

  it('goes on from its state', () => {
    const before = evaluate(stack(99), { binary: TERRAFORM });
    expect(before.events).not.toEqual([]);
    expect(evaluate(stack(99), { binary: OPENTOFU, after: before }).events).toEqual([]);
  });

  it('says what a failed precondition says', () => {
    expect(() => evaluate(stack(5), { binary: OPENTOFU })).toThrow(/The ARN is too long\./);
  });
});
