import { execFileSync } from 'child_process';
import { readFileSync, writeFileSync } from 'fs';
import { isIP } from 'net';
import { basename, join } from 'path';
import { Certificate } from './cloud';
import { bin } from './programs';

/** A new authority with a name of its own, and a certificate for all of these hosts, the machine itself among them. Files `ca.crt`, `server.key`, `server.crt` in the folder. */
export function certificateFor(hosts: readonly string[], folder: string): Certificate {
  const openssl = (...args: string[]) => execFileSync(bin('openssl'), args, { cwd: folder, stdio: 'pipe', env: {} });
  const names = [...hosts, 'localhost', '127.0.0.1'].map((host) => `${isIP(host) ? 'IP' : 'DNS'}:${host}`);
  writeFileSync(join(folder, 'server.ext'), `subjectAltName=${names.join(',')}\nextendedKeyUsage=serverAuth\n`);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-days', '2', '-subj', `/CN=${basename(folder)}`, '-addext', 'keyUsage=critical,keyCertSign');
  openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=live');
  openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-out', 'server.crt', '-days', '2', '-extfile', 'server.ext');
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { ca: read('ca.crt'), key: read('server.key'), cert: read('server.crt') };
}
