import { IMAGES, model, pull, PULL } from './models';
import { compare, patternCovers } from '../../lib/access/diff';
import { accessMarkdown } from '../../lib/access/markdown';
import { AccessGrant, AccessModel } from '../../lib/access/model';

const APPS = 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/*';
const WEB = APPS.replace('*', 'web');
const effects = (before: AccessModel, after: AccessModel) => compare(before, after).map(({ effect }) => effect);
const TWO = { ...IMAGES, key: 'aws both', subjects: [...IMAGES.subjects, { account: 'team-a/flux', level: 'object' as const }] };

describe('what widens and what narrows', () => {
  test.each<[string, AccessGrant[], AccessGrant[], string[]]>([
    ['nothing', [PULL], [PULL], []],
    ['another order, and statements cut otherwise', [PULL, pull(WEB)], [pull(WEB), { ...PULL, rights: PULL.rights[0].actions!.map((action) => ({ actions: [action], resources: [APPS] })) }], []],
    ['a new grant', [], [PULL], ['wider']],
    ['a grant that goes', [PULL], [], ['narrower']],
    ['a wider pattern', [pull(WEB)], [PULL], ['wider']],
    ['a narrower pattern', [PULL], [pull(WEB)], ['narrower']],
    ['what another grant allows already', [PULL], [PULL, pull(WEB)], []],
    ['another resource', [pull(WEB)], [pull(APPS.replace('apps', 'other'))], ['wider', 'narrower']],
    ['a condition that comes', [PULL], [pull(APPS, { StringEquals: { 'aws:SourceVpc': ['vpc-1'] } })], ['narrower']],
    ['a condition that goes', [pull(APPS, { StringEquals: { 'aws:SourceVpc': ['vpc-1'] } })], [PULL], ['wider']],
    ['another condition', [pull(APPS, { StringEquals: { a: ['1'] } })], [pull(APPS, { StringEquals: { a: ['2'] } })], ['wider', 'narrower']],
    ['a condition with its keys in another order', [pull(APPS, { A: { a: ['1'] }, B: { b: ['2'] } })], [pull(APPS, { B: { b: ['2'] }, A: { a: ['1'] } })], []],
  ])('%s', (_, before, after, expected) => {
    expect(effects(model({ grants: before }), model({ grants: after }))).toEqual(expected);
  });

  test('one more account is wider for that account alone', () => {
    const after = model({ identities: [TWO], grants: [{ ...PULL, identity: TWO.key }] });
    expect(compare(model(), after)).toEqual([{ effect: 'wider', what: 'team-a/flux (aws) may ecr:BatchGetImage, ecr:ListImages on ' + APPS }]);
  });

  test('a scope of Azure holds below it, a resource that only Terraform knows covers nothing else', () => {
    const azure = { ...IMAGES, key: 'azure x', cloud: 'azure', trust: [] };
    const on = (resource: string | { stack: string; ref: string }) => model({ identities: [azure], grants: [{ ...PULL, identity: azure.key, rights: [{ role: 'guid', resources: [resource] }] }] });
    expect(effects(on('/subscriptions/1/resourceGroups/A'), on('/subscriptions/1/resourcegroups/a/providers/x/y'))).toEqual(['narrower']);
    expect(effects(on('/subscriptions/1/resourceGroups/a'), on('/subscriptions/1/resourceGroups/ab'))).toEqual(['wider', 'narrower']);
    expect(effects(on({ stack: 's', ref: '${a.id}' }), on({ stack: 's', ref: '${b.id}' }))).toEqual(['wider', 'narrower']);
    expect(effects(on({ stack: 's', ref: '${a.id}' }), on({ stack: 's', ref: '${a.id}' }))).toEqual([]);
  });
});

describe('trust and identities', () => {
  const trusting = (changes: object) => model({ identities: [{ ...IMAGES, trust: [{ ...(IMAGES.trust as any)[0], ...changes }] }] });

  test('another audience, subject, issuer or plain anchor is a change of trust', () => {
    for (const changes of [{ audiences: ['other'] }, { subject: 'system:serviceaccount:x:y' }, { issuer: 'https://other' }, { anchor: 'arn:aws:iam::1:oidc-provider/x' }]) {
      expect(effects(model(), trusting(changes))).toEqual(['wider', 'narrower']);
    }
  });

  test('an anchor that a renamed construct makes is none', () => {
    expect(effects(model(), trusting({ anchor: { stack: 'prod', ref: '${aws_iam_openid_connect_provider.Renamed.arn}' } }))).toEqual([]);
  });

  test('the same access by another role is said, and is not wider', () => {
    const after = model({ identities: [{ ...IMAGES, principals: ['arn:aws:iam::111122223333:role/pictures'] }] });
    expect(compare(model(), after)).toEqual([{ effect: 'same', what: 'aws flux-system/source-controller: same access, identity replaced' }]);
  });

  test('what is unknown is not nothing', () => {
    const unknown = { ...IMAGES, key: 'aws own', grants: 'unknown' as const, trust: 'unknown' as const };
    expect(compare(model(), model({ identities: [IMAGES, unknown] }))).toEqual([
      { effect: 'wider', what: 'aws own: an identity that is not the library\'s; what it may do is unknown' },
    ]);
  });
});

describe('patches of the user\'s own', () => {
  const [none, one, other] = [undefined, ['{"patch":"a"}'], ['{"patch":"b"}']].map((patches) => model(patches === undefined ? {} : { patches }));

  test.each<[string, AccessModel, AccessModel, string[]]>([
    ['the same', one, one, []],
    ['one comes', none, one, ['a patch of your own, and what it changes is not known: {"patch":"a"}']],
    ['one goes', one, none, ['a patch of your own is gone, and what it kept is not known: {"patch":"a"}']],
    ['one changes', one, other, [
      'a patch of your own is gone, and what it kept is not known: {"patch":"a"}', 'a patch of your own, and what it changes is not known: {"patch":"b"}',
    ]],
  ])('%s', (_, before, after, expected) => {
    expect(compare(before, after)).toEqual(expected.map((what) => ({ effect: 'wider', what })));
  });

  test('each is a line of its own in Markdown, without markup', () => {
    const [old, now] = [none, model({ patches: ['{"patch":"<b>\\n- [x](y)"}', '{"patch":"b"}'] })].map((each) => accessMarkdown(each).split('\n'));
    expect(now.slice(old.length - 1).filter((line) => line.startsWith('- '))).toEqual(['- {"patch":"&lt;b&gt;\\n- \\[x\\](y)"}', '- {"patch":"b"}']);
  });
});

test.each([
  ['*', 'a*', true], ['a*', '*', false], ['a?c', 'abc', true], ['a?c', 'a*c', false], ['a*c', 'a?c', true], ['a.c', 'abc', false], ['a*', 'a', true], ['a?', 'a?', true],
])('pattern %s covers %s: %s', (wide, narrow, expected) => {
  expect(patternCovers(wide, narrow)).toBe(expected);
});
