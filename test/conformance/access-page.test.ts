import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { pathToFileURL } from 'url';
import { Browser } from './browser';
import { CHROMIUM, describeWith } from './programs';
import { accessPage } from '../../lib/access/page';
import { fleet, IMAGES, model, PULL } from '../access/models';

describeWith([CHROMIUM], 'the page of who can do what, in a browser', () => {
  const CLUSTERS = 90;
  const TENANTS = 5;
  const dir = mkdtempSync(join(tmpdir(), 'page-'));
  let browser: Browser;
  beforeAll(async () => { browser = await Browser.start(CHROMIUM.path!); }, 60_000);
  afterAll(async () => {
    await browser.stop();
    rmSync(dir, { recursive: true });
  });

  const open = async (html: string) => {
    const file = join(dir, 'access.html');
    writeFileSync(file, html);
    browser.complaints.length = 0;
    browser.requests.length = 0;
    return browser.goto(pathToFileURL(file).href);
  };
  const count = () => browser.evaluate('document.getElementById("count").textContent');
  const focused = () => browser.evaluate('document.activeElement.id || document.activeElement.textContent');
  const set = (id: string, value: string) => browser.evaluate(
    `(() => { const it = document.getElementById("${id}"); it.value = ${JSON.stringify(value)}; it.dispatchEvent(new Event("input", { bubbles: true })); return it.value; })()`,
  );
  /** Pictures for people, where PICTURES names a directory. */
  const picture = async (name: string) => {
    if (process.env.PICTURES === undefined) return;
    mkdirSync(process.env.PICTURES, { recursive: true });
    const { data } = await browser.send('Page.captureScreenshot', { format: 'png' });
    writeFileSync(join(process.env.PICTURES, `${name}.png`), Buffer.from(data, 'base64'));
  };
  const scheme = (value: string) => browser.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] });

  describe(`${CLUSTERS} clusters with ${CLUSTERS * TENANTS} tenants`, () => {
    const all = CLUSTERS * (2 + 2 * TENANTS);
    let opened: number;
    beforeAll(async () => { opened = await open(accessPage(fleet(CLUSTERS, TENANTS))); });

    test('opens in half a second, asks for nothing and complains of nothing', async () => {
      expect(opened).toBeGreaterThan(10);
      expect(opened).toBeLessThan(500);
      expect([browser.complaints, browser.requests.length]).toEqual([[], 1]);
      expect(await count()).toBe(`${all} of ${all}, the first 300 are shown`);
      expect(await browser.evaluate('document.getElementById("about").textContent')).toBe(`90 clusters, 451 namespaces, grants: ${all}`);
      await picture('list');
    });

    test.each<[string, string, number]>([
      ['cluster', 'prod-7-Flux', 12], ['tenant', 'tenant-7-3', 2], ['tenant', 'flux-system', 180], ['cloud', 'gcp', 90], ['service', 'Amazon S3', 450],
      ['broadness', 'broad', 90], ['broadness', 'nothing uses it', 450], ['search', 'tenant-7-3/web batchget', 1], ['search', 'role/flux-12-4', 2], ['search', 'no such thing', 0],
    ])('%s %s: %i grants', async (id, value, expected) => {
      expect(await set(id, value)).toBe(value);
      expect(await count()).toMatch(new RegExp(`^${expected} of ${all}`));
      expect(await browser.evaluate('document.querySelectorAll("#grants tr").length')).toBe(Math.min(expected, 300));
      await browser.evaluate('document.querySelector("button[type=reset]").click()');
      await browser.evaluate('new Promise((done) => setTimeout(done, 20))');
      expect(await count()).toContain(`${all} of ${all}`);
    });

    test('filters work together, and all can be shown', async () => {
      await set('cluster', 'prod-7-Flux');
      await set('service', 'Amazon ECR');
      expect(await count()).toBe(`6 of ${all}`);
      await browser.evaluate('document.querySelector("button[type=reset]").click()');
      await browser.evaluate('new Promise((done) => setTimeout(done, 20))');
      await browser.evaluate('document.getElementById("more").click()');
      expect(await browser.evaluate('document.querySelectorAll("#grants tr").length')).toBe(all);
    });

    test('by keyboard alone: search, the account, its way, and back', async () => {
      await browser.evaluate('document.getElementById("search").focus()');
      await browser.type('tenant-7-3/web');
      expect(await count()).toBe(`1 of ${all}`);
      for (let presses = 0; presses < 20 && await focused() !== 'tenant-7-3/flux'; presses += 1) await browser.press('Tab');
      expect(await focused()).toBe('tenant-7-3/flux');
      await browser.press('Enter');
      expect(await focused()).toBe('way-title');
      expect(await browser.evaluate('document.getElementById("way-title").textContent')).toBe('The way of tenant-7-3/flux in prod-7-Flux');
      const boxes = await browser.evaluate('[...document.querySelectorAll("#picture g title")].map((title) => title.textContent.split("\\n")[0])');
      expect(boxes.sort()).toEqual([
        'arn:aws:ecr:eu-west-1:111122223333:repository/tenant-7-3/web', 'arn:aws:s3:::tenant-7-3', 'aws, by workload identity', 'prod-7-Flux', 'tenant-7-3/flux',
      ]);
      expect(await browser.evaluate('document.getElementById("words").innerText')).toContain(
        'acts as arn:aws:iam::111122223333:role/flux-7-3 in aws, by workload identity, for the audience sts.amazonaws.com');
      await picture('way');
      await browser.press('Escape');
      expect([await focused(), await browser.evaluate('document.getElementById("way").hidden')]).toEqual(['tenant-7-3/flux', true]);
    });

    test('what a screen reader is told', async () => {
      await browser.evaluate('document.querySelector("#grants button").click()');
      const { nodes } = await browser.send('Accessibility.getFullAXTree');
      const told = nodes.filter(({ ignored }: any) => !ignored).map(({ role, name }: any) => `${role.value} ${name?.value ?? ''}`);
      for (const expected of [
        'search Grants', 'searchbox Search', 'combobox Cluster', 'combobox Tenant', 'combobox Cloud', 'combobox Service', 'combobox Broadness', 'button Clear',
        'heading Who can do what', 'table Grants', 'columnheader Who', 'status ', 'button Back to the list',
      ]) expect(told).toContain(expected);
      expect(told).toContainEqual(expect.stringMatching(/^(image|img|graphics-document) The way of tenant-7-3\/flux in prod-7-Flux$/));
      // Whatever can be reached by keyboard has a name.
      expect(told.filter((each: string) => /^(button|combobox|searchbox) $/.test(each))).toEqual([]);
      await browser.press('Escape');
    });

    test.each(['light', 'dark'])('%s: text stands out from the paper', async (value) => {
      await scheme(value);
      await browser.evaluate('document.querySelector("#grants button").click()');
      const contrasts = await browser.evaluate(`(() => {
        const channel = (value) => { const part = value / 255; return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4; };
        const light = (colour) => { const [r, g, b] = colour.match(/[0-9.]+/g).map(Number); return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b); };
        const contrast = (one, other) => { const [a, b] = [light(one), light(other)].sort((x, y) => y - x); return (a + 0.05) / (b + 0.05); };
        const paper = getComputedStyle(document.body).backgroundColor;
        const box = getComputedStyle(document.querySelector('svg rect')).fill;
        return [
          ...['body', 'td', 'td small', 'th', 'td button', 'label', 'p'].map((of) => contrast(getComputedStyle(document.querySelector(of)).color, paper)),
          ...['svg text', 'svg .quiet'].map((of) => contrast(getComputedStyle(document.querySelector(of)).fill, box)),
        ];
      })()`);
      expect(Math.min(...contrasts)).toBeGreaterThan(4.5);
      await picture(`${value}-way`);
      await browser.press('Escape');
    });
  });

  test('awkward names are texts', async () => {
    const evil = '</script><img src=x onerror="document.title=1">';
    await open(accessPage([model({
      installation: evil,
      identities: [
        { ...IMAGES, subjects: [{ account: `${evil}/flux`, level: 'object' }], principals: [evil] },
        { ...IMAGES, key: 'own', subjects: [{ secret: 'team-a/key', use: 'bucket' }], principals: [], trust: 'unknown', grants: 'unknown' },
      ],
      grants: [{ ...PULL, resource: { stack: 's', ref: evil }, service: evil, broad: evil }],
    })]));
    await browser.evaluate('document.querySelector("#grants button").click()');
    expect(await browser.evaluate('[document.querySelectorAll("img").length, document.title]')).toEqual([0, 'Who can do what']);
    expect(await browser.evaluate('document.querySelector("#grants").innerText')).toContain(evil);
    expect(await browser.evaluate('document.querySelector("#grants").innerText')).toContain('unknown');
    expect(browser.complaints).toEqual([]);
    await picture('awkward');
  });

  test('no cluster at all', async () => {
    await open(accessPage([]));
    expect([await count(), browser.complaints]).toEqual(['0 of 0', []]);
  });
});
