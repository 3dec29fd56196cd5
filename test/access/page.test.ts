import { createHash } from 'crypto';
import { fleet, IMAGES, model, PULL } from './models';
import { accessPage } from '../../lib/access/page';

const PAGE = accessPage(fleet(3, 2));
const block = (html: string) => /<script type="application\/json" id="models">([^<]*)<\/script>/.exec(html)![1];

test('the same models are the same bytes, and all of them are in it', () => {
  expect(accessPage(fleet(3, 2))).toBe(PAGE);
  expect(JSON.parse(block(PAGE))).toEqual(fleet(3, 2));
});

test('it asks for nothing: no address but those of the data, and a policy that lets nothing in but what is there', () => {
  const without = PAGE.replace(block(PAGE), '').replace('http://www.w3.org/2000/svg', '');
  expect(without).not.toMatch(/https?:|url\(|@import|\bsrc=|\bhref=|innerHTML|insertAdjacent|document\.write|\beval\b/);
  const policy = /content="(default-src[^"]*)"/.exec(PAGE)![1];
  const digestOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  expect(policy).toBe(`default-src 'none'; style-src ${digestOf(/<style>([^]*?)<\/style>/.exec(PAGE)![1])}; script-src ${digestOf(/<script>([^]*?)<\/script>/.exec(PAGE)![1])}`);
});

test.each(['</script><script>alert(1)</script>', '<!--<script>', ']]>', '\u2028\u2029', '"\\\'`${x}', '<img src=x onerror=alert(1)>', '&lt;'])('%j stays text', (evil) => {
  const page = accessPage([model({
    installation: evil,
    identities: [{ ...IMAGES, key: evil, subjects: [{ account: `${evil}/a`, level: 'object' }], principals: [evil, { stack: 's', ref: evil }] }],
    grants: [{ ...PULL, identity: evil, resource: evil }],
  })]);
  expect(JSON.parse(block(page))[0].grants[0].resource).toBe(evil);
  // The markup is the same whatever is in it.
  expect(page.replace(block(page), '')).toBe(PAGE.replace(block(PAGE), ''));
  expect(block(page)).not.toMatch(/[<\u2028\u2029]/);
});
