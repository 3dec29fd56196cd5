import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformOutput, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { kustomizeBuild, managerOf, objectOf, parseObjects } from './kustomize';
import { describeWith, KUSTOMIZE, TERRAFORM } from './programs';
import { evaluate, Evaluation } from './terraform';
import { FluxIrsaRole } from '../../lib/aws/flux-irsa-role';
import { FluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstallation } from '../../lib/flux/flux-installation';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { FluxManifests } from '../../lib/flux/flux-manifests';
import { FluxRemoteCluster } from '../../lib/flux/flux-remote-cluster';

/** Values that YAML, JSON, Terraform or kustomize would take for something else if they were not quoted and escaped. */
const AWKWARD = [
  'true', 'no', 'null', '~', '', ' ', '0123', '0x1f', '1e3', '12:30:45', '2026-11-22', '=', '<<',
  '"', '""', '"quoted"', "'single'", 'a: b', '- a', '# comment', '{a: 1}', '[1, 2]', '&anchor', '*alias', '!tag', '| text', '> text', '%directive', '@at', '`tick`',
  '${jsonencode(1)}', '%{if true}', '$${escaped}', '%%{escaped}', '$(VAR)', '\\', '\\n', 'C:\\dir\\"x"', 'tab\there', ' leading', 'trailing ',
  'two\nlines', 'three\n\nlines\n', '---\n', 'a\r\nb', 'Grüße, 世界 🚀', '\u2028', 'a\u2028data: injected', 'a\u2029data: injected', 'a\u0085data: injected', 'a\u0085\u0085---\nb: c', 'tab before\t\nline end\t', '\t', 'a\t\r\nb', '<script>&amp;</script>',
];
/** The same in text that is partly known at synth. */
const AROUND = 'before ${x} "q" \\ %{ ';

class Awkward extends TerraformStack {
  public constructor() {
    super(Testing.app(), 'awkward');
    new AwsProvider(this, 'Aws', {});
    const issuer = ClusterIssuer.oidc(this, 'Cluster', { url: 'https://oidc.example.com' });
    const oidcProviders = [new FluxOidcProvider(this, 'Oidc', { issuer })];
    AWKWARD.forEach((text, index) => {
      const value = new TerraformVariable(this, `value${index}`, { type: 'string' }).stringValue;
      const role = (id: string, serviceAccounts: FluxServiceAccount[]) =>
        FluxIrsaRole.fromRoleArn(this, `${id}${index}`, { roleArn: value, oidcProviders, serviceAccounts, region: value });
      const installation = new FluxInstallation(this, `Flux${index}`, {
        issuer,
        version: FluxVersion.V2_10,
        namespace: `flux-${index}`,
        identities: [
          role('Controller', [FluxServiceAccount.controller(FluxController.SOURCE, `flux-${index}`)]), role('Object', [FluxServiceAccount.of('team-a', 'flux')]),
        ],
      });
      const remote = FluxRemoteCluster.generic(this, `Remote${index}`, {
        installation, namespace: 'apps', name: 'remote', address: value, caCertificate: `${AROUND}${value}${AROUND}`, audiences: [value],
      });
      FluxRemoteCluster.generic(this, `Plain${index}`, { installation, namespace: 'apps', name: 'plain', address: 'https://plain', caCertificate: text });
      const output = (name: string, yaml: string) => new TerraformOutput(this, `${name}${index}`, { value: yaml, staticId: true });
      output('remote', remote.yaml);
      output('kustomization', new FluxKustomization(this, `Kustomization${index}`, { installation }).yaml);
      output('manifests', new FluxManifests(this, `Manifests${index}`, { installation }).yaml);
    });
  }
}

describeWith([TERRAFORM, KUSTOMIZE], 'values in rendered YAML', () => {
  let evaluation: Evaluation;
  beforeAll(() => {
    const variables = Object.fromEntries(AWKWARD.map((text, index) => [`value${index}`, text]));
    evaluation = evaluate(new Awkward(), { variables, computed: { aws_iam_openid_connect_provider: () => ({ arn: 'arn' }) } });
  });

  describe.each(AWKWARD.map((text, index) => [JSON.stringify(text), text, index] as const))('%s', (_, text, index) => {
    it('come out of a remote cluster as they went in', () => {
      const [{ data }] = parseObjects(evaluation.outputs[`remote${index}`]);
      expect(data).toEqual({ 'provider': 'generic', 'address': text, 'audiences': text, 'ca.crt': `${AROUND}${text}${AROUND}` });
    });

    it('come out of manifests as they went in, known at synth or not', () => {
      const objects = parseObjects(evaluation.outputs[`manifests${index}`]);
      expect(objectOf(objects, 'ServiceAccount', 'flux').metadata.annotations).toEqual({ 'eks.amazonaws.com/role-arn': text });
      expect(objectOf(objects, 'ConfigMap', 'remote').data.address).toBe(text);
      expect(objectOf(objects, 'ConfigMap', 'plain').data['ca.crt']).toBe(text);
    });
  });

  it('come out of patches as they went in, through kustomize', () => {
    const came = AWKWARD.map((_, index) => {
      const built = kustomizeBuild(evaluation.outputs[`kustomization${index}`], FluxVersion.V2_10);
      const { value } = managerOf(built, 'source-controller').env.find(({ name }: any) => name === 'AWS_REGION');
      const stamp = objectOf(built, 'Deployment', 'source-controller').spec.template.metadata.annotations['cdktf-flux-identity/aws'];
      return { value, stamp };
    });
    // kustomize writes U+2028 and U+2029 as line ends, which they are to Go's parser and not to ours: what it indents the next line by is not theirs.
    // U+0085 it takes for "\n", here as in files of the user's: what counts is that it ends nothing.
    const read = (value: string) => value.replace(/(?<=[\u2028\u2029]) {4,}/g, '');
    const folded = (value: string) => value.split(/[\s\u0085]+/).join(' ');
    came.forEach((found, index) => {
      const text = AWKWARD[index];
      const exactly = text.includes('\u0085') ? folded : (value: string) => value;
      expect({ value: exactly(read(found.value)), stamp: exactly(read(found.stamp)) }).toEqual({ value: exactly(text), stamp: exactly(text) });
    });
  });
});
