import { readFileSync } from 'fs';
import { join } from 'path';
import { Testing } from 'cdktf';
import { aws, azure, Door, gcp, granted, Refusal } from './clouds';
import { Cloud, controllerLevel, objectLevel, Rendered } from './flux';
import { describeWith, FLUX_AUTH, TERRAFORM } from './programs';
import { evaluate, Evaluation } from './terraform';
import { HostedIssuer } from '../../examples/hosted-issuer/stack';
import { ClusterKind, Jwks } from '../../lib';
import { stack } from '../support';
import { Loopback, serve } from '../tokens';

/** Made by the code of the Kubernetes API server: see kubernetes/README.md. */
const { discovery, jwks, tokens } = JSON.parse(readFileSync(join(__dirname, 'kubernetes', 'recorded.json'), 'utf8'));
const DOORS: { readonly [cloud: string]: Door } = { aws, azure, gcp };

describeWith([TERRAFORM, FLUX_AUTH], 'documents and tokens of Kubernetes itself', () => {
  let evaluation: Evaluation;
  let internet: Loopback;
  let flux: Rendered;
  const published: { [key: string]: any } = {};
  beforeAll(async () => {
    evaluation = evaluate(new HostedIssuer(Testing.app(), 'onprem', Jwks.fromText(JSON.stringify(jwks))));
    const objects = Object.entries(evaluation.resources).filter(([address]) => address.startsWith('aws_s3_object.')).map(([, object]) => object);
    for (const object of objects) published[object.key] = object;
    internet = await serve(Object.fromEntries(objects.map(({ key, content, content_type: contentType, cache_control: cacheControl }) =>
      [`${discovery.issuer}/${key}`, { content, contentType, cacheControl }])));
    flux = { kind: ClusterKind.OTHER, kustomization: evaluation.outputs.kustomization, manifests: evaluation.outputs.manifests };
  });
  afterAll(async () => internet?.close());

  it('the published discovery document is the one that the API server serves with `apiServerFlags`', () => {
    expect(JSON.parse(published['.well-known/openid-configuration'].content)).toEqual(discovery);
    expect(evaluation.outputs.api_server_flags).toEqual(expect.arrayContaining([
      `--service-account-issuer=${discovery.issuer}`, `--service-account-jwks-uri=${discovery.jwks_uri}`,
    ]));
  });

  it('the published keys are those that the API server serves', () => {
    const byKid = ({ keys }: any) => Object.fromEntries(keys.map((key: any) => [key.kid, key]));
    expect(byKid(JSON.parse(published['openid/v1/jwks'].content))).toEqual(byKid(jwks));
  });

  it('a key without a name gets the one that Kubernetes gives it', () => {
    for (const { kid, ...key } of jwks.keys) expect(JSON.parse(Jwks.fromText(JSON.stringify(key))._json(stack())).keys[0].kid).toBe(kid);
  });

  const reasons: { readonly [what: string]: RegExp } = {
    'foreign key': /^(no applicable key|Entra takes RS256)/, // an EC key
    'issuer': /^(no OIDC provider for|no federated credential for https|the issuer is not)/,
    'namespace': /^(the trust policy|no federated credential for system|the attribute condition)/,
    'account': /^(the trust policy|no federated credential for system|the attribute condition)/,
    'audience': /^(the trust policy|no audience)/,
    'expired': /"exp" claim/,
  };

  it.each(Object.keys(DOORS).flatMap((cloud) => [[cloud, 'controller'], [cloud, 'object']]))('%s, %s level: its tokens', async (name, level) => {
    const cloud = name as Cloud;
    const { identity } = level === 'controller' ? controllerLevel(flux, cloud, 'source-controller') : objectLevel(flux, cloud, 'team-a', 'flux');
    const enter = async (what: string) => DOORS[cloud](evaluation, tokens[`${cloud} ${level}: ${what}`], identity, internet);
    const holder = await enter('right');
    expect(granted(evaluation)).toContain(holder);
    expect(await enter('new key')).toBe(holder);
    for (const [what, reason] of Object.entries(reasons)) {
      const refusal: unknown = await enter(what).catch((error) => error);
      expect([what, refusal]).toEqual([what, expect.any(Refusal)]);
      expect([what, (refusal as Refusal).message]).toEqual([what, expect.stringMatching(reason)]);
    }
  });
});
