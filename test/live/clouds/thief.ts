import { execFileSync } from 'child_process';
import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { decodeJwt } from 'jose';
import { Answer, bearer, Call, Denied, StandIn } from './call';

export const THIEF_HOST = 'thief.example.com';
/** What he may change at any time. */
export const FETCHED = 'fetched';
const MANIFEST = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: FETCHED } });

/** A server of a tenant's own, whose certificate everybody believes: it serves a file and a Git repository, and keeps the tokens that it gets. */
export const THIEF: StandIn = {
  hosts: [THIEF_HOST],

  answer(call, clouds) {
    const { pathname } = call.url;
    if (pathname === '/file.yaml') return { headers: { 'content-type': 'text/plain' }, body: MANIFEST };
    if (pathname.startsWith('/repository')) return served(call, clouds.repositories);
    const token = bearer(call);
    if (token === '') throw new Denied(401, 'nothing to take');
    clouds.note(`TAKEN a token of ${decodeJwt(token).sub}`);
    throw new Denied(403, 'thank you');
  },

  refuse(_call, { status, message }) {
    return { status, body: message };
  },
};

/** A repository with one commit: the kustomization in `base`. */
export function repositoryIn(folder: string): void {
  const root = join(folder, 'repository');
  mkdirSync(join(root, 'base'), { recursive: true });
  writeFileSync(join(root, 'base/kustomization.yaml'), JSON.stringify({ resources: ['file.yaml'] }));
  writeFileSync(join(root, 'base/file.yaml'), MANIFEST);
  const env = { PATH: process.env.PATH, HOME: folder };
  for (const args of [['init', '--quiet', '--initial-branch=main'], ['add', '.'], ['commit', '--quiet', '--message=base']]) {
    execFileSync('git', ['-c', 'user.name=thief', '-c', 'user.email=thief@example.com', ...args], { cwd: root, env });
  }
}

/** Git's own server, asked as a web server asks it. */
function served({ method, url, headers, body }: Call, folder: string): Answer {
  const answer = execFileSync('git', ['http-backend'], {
    input: body,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: method,
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: headers['content-type'],
      HTTP_CONTENT_ENCODING: headers['content-encoding'],
      GIT_PROTOCOL: headers['git-protocol'] as string | undefined,
      // The repository belongs to whoever runs the suite, wherever that is.
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
    },
  });
  const end = answer.indexOf('\r\n\r\n');
  const lines = answer.subarray(0, end).toString().split('\r\n').map((line) => line.split(': '));
  const { Status: status = '200', ...rest } = Object.fromEntries(lines) as { [name: string]: string };
  const named = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name.toLowerCase(), value]));
  return { status: Number(status.slice(0, 3)), headers: named, body: answer.subarray(end + 4) };
}
