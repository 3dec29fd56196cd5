import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { main } from '../../lib/cli/main';

const dir = mkdtempSync(join(tmpdir(), 'doctor-'));
afterAll(() => rmSync(dir, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

function run(...args: string[]): { status: number; out: string; err: string } {
  const [out, err]: string[][] = [[], []];
  const status = main('cdktf-flux-identity', ['doctor', ...args], (text) => out.push(text), (text) => err.push(text));
  return { status, out: out.join('\n'), err: err.join('\n') };
}

const REFUSED = 'AADSTS700213: No matching federated identity record found for presented assertion subject \'system:serviceaccount:team-a:flux\'. Check';

test('--error names the layer of the text of an error', () => {
  const { status, out } = run('--error', file('error', REFUSED));
  expect(status).toBe(1);
  expect(out).toMatch(/^refused: trust\n {2}saw {7}The identity does not let this service account in[^\n]*\n {12}subject: system:serviceaccount:team-a:flux\n/);
  expect(out).toContain('  see       docs/troubleshooting.md#aadsts700213-no-matching-federated-identity-record-for-the-subject');
});

test('--error for programs', () => {
  const { status, out } = run('--json', '--error', file('json', REFUSED));
  expect(status).toBe(1);
  expect(JSON.parse(out).findings).toEqual([expect.objectContaining({ verdict: 'refused', layer: 'trust', of: [] })]);
});

test('--error that says nothing known cannot tell', () => {
  const { status, out } = run('--error', file('unknown', 'context deadline exceeded'));
  expect([status, out]).toEqual([2, expect.stringMatching(/^cannot tell: .*\n {2}saw {7}no message that is known\n {2}fix {7}Pass the whole text: /)]);
});

test('--error as PowerShell writes files', () => {
  expect(run('--error', file('utf16', Buffer.from(`\ufeff${REFUSED}`, 'utf16le'))).out).toMatch(/^refused: trust\n/);
});

test('a token in an error is not shown', () => {
  const token = `eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.${Buffer.from('{"iss":"x","sub":"system:serviceaccount:a:b"}').toString('base64url')}.${'aB3'.repeat(30)}`;
  for (const text of [`failed to get service account '${token}'`, `${REFUSED} ${token}`, `Authorization: Bearer ${token}`]) {
    const { out, err } = run('--error', file('token', text));
    expect(out + err).not.toContain('eyJ');
  }
});

test.each([
  ['nothing', [], /doctor needs --access FILE, or --error FILE\nUsage: cdktf-flux-identity doctor /],
  ['an argument', ['x', '--error', 'y'], /doctor takes no argument "x"/],
  ['no file', ['--error', join(dir, 'none')], /none: cannot be read \(ENOENT\)\. Pass the path of a text with the error\./],
  ['a folder', ['--error', dir], /cannot be read \(EISDIR\)/],
  ['an option that does not exist', ['--html'], /Unknown option '--html'/],
])('trouble: %s', (_, args, err) => {
  expect(run(...args)).toEqual({ status: 2, out: '', err: expect.stringMatching(err) });
});
