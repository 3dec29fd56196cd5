import { createServer, IncomingMessage, request as forward, Server, ServerResponse } from 'http';
import { createSecureServer, Http2SecureServer } from 'http2';
import { request as forwardTls } from 'https';
import { AddressInfo, Socket } from 'net';
import { AWS } from './clouds/aws';
import { AZURE } from './clouds/azure';
import { Answer, Call, Clouds, Denied, StandIn } from './clouds/call';
import { decryptByGrpc, GOOGLE } from './clouds/google';
import { THIEF } from './clouds/thief';
import { inWordsOf } from './clouds/words';
import { CLOCK, Refusal } from '../conformance/clouds';

const STAND_INS: readonly StandIn[] = [AWS, AZURE, GOOGLE, THIEF];

/** What the certificate of the clouds is for. */
export const HOSTS = STAND_INS.flatMap(({ hosts }) => hosts);

/** Where the stores are that answer what was allowed. */
export interface Stores {
  readonly moto: number;
  readonly registry: number;
  /** The API server of the remote cluster, its authorities and its administrator's token; there is one while a machine runs. */
  remote?: { readonly port: number; readonly ca: string; readonly token: string };
}

/** What can be wrong with all clouds at once: they answer with a status, never, as somebody else, or by a clock that is off. */
export type Fault = '500' | '429' | 'silent' | 'another certificate' | 'clock ahead' | 'clock behind';
const MINUTES = 600_000;

/** One authority, and one certificate of its own for everything. */
export interface Certificate {
  readonly ca: string;
  readonly key: string;
  readonly cert: string;
}

/**
 * The clouds behind one CONNECT proxy on loopback: whoever believes in its authority believes to talk to them, over HTTP/1.1 or 2.
 * A call that a stand-in refuses never reaches a store.
 */
export class Cloud {
  public readonly clouds: Clouds;
  /** What was asked and decided, in order. */
  public readonly log: string[] = [];
  /** What was asked and not answered yet. */
  public readonly open = new Set<string>();
  /** What is wrong with all clouds. */
  private fault?: Fault;
  private readonly proxy: Server;
  private readonly inner: Http2SecureServer;
  /** With a certificate that nobody believes. */
  private readonly impostor: Http2SecureServer;
  private readonly sockets = new Set<Socket>();

  /** @param other of another authority, for the same hosts */
  public constructor(certificate: Certificate, private readonly stores: Stores, other: Certificate) {
    this.clouds = new Clouds(certificate.ca);
    const serverOf = ({ key, cert }: Certificate) => {
      const server = createSecureServer({ allowHTTP1: true, key, cert }, (request, response) =>
        this.receive(request as unknown as IncomingMessage, response as unknown as ServerResponse));
      return server.on('sessionError', () => {}).on('tlsClientError', () => {});
    };
    [this.inner, this.impostor] = [certificate, other].map(serverOf);
    // Whoever asks the node for an identity: it has none.
    this.proxy = createServer((request, response) => {
      this.log.push(`${request.url} is asked of the node`);
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_request","error_description":"Identity not found"}');
    });
    this.proxy.on('connect', (request, socket: Socket) => {
      this.sockets.add(socket);
      socket.on('error', () => {}).on('close', () => this.sockets.delete(socket));
      if (standInOf(request.url!.replace(/:443$/, '')) === undefined) {
        this.log.push(`${request.url} is nobody here`);
        socket.end('HTTP/1.1 502 Nobody\r\n\r\n');
        return;
      }
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      (this.fault === 'another certificate' ? this.impostor : this.inner).emit('connection', socket);
    });
  }

  /** @returns the port of the proxy */
  public async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.proxy.listen(0, '127.0.0.1', resolve));
    return (this.proxy.address() as AddressInfo).port;
  }

  /** Lets something be wrong with all clouds from now on, or with none: connections that are open end. */
  public suffer(fault?: Fault): void {
    this.fault = fault;
    CLOCK.ahead = fault === 'clock ahead' ? MINUTES : fault === 'clock behind' ? -MINUTES : 0;
    for (const socket of this.sockets) socket.destroy();
  }

  public close(): void {
    this.suffer();
    this.proxy.close();
    this.inner.close();
    this.impostor.close();
  }

  private receive(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('error', () => {});
    request.on('end', () => {
      const host = String(request.headers.host ?? request.headers[':authority']).replace(/:443$/, '');
      const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !name.startsWith(':')));
      const call: Call = { method: request.method!, host, url: new URL(`https://${host}${request.url}`), headers, body: Buffer.concat(chunks) };
      const name = nameOf(call);
      this.open.add(name);
      response.on('close', () => this.open.delete(name));
      if (this.fault === 'silent') return;
      this.answer(call, response).catch((error) => {
        this.log.push(`${name} -> FAILED ${error.stack}`);
        request.destroy();
      });
    });
  }

  private async answer(call: Call, response: ServerResponse): Promise<void> {
    const decisions: string[] = [];
    const standIn = standInOf(call.host);
    const note = (status: string | number) => this.log.push(`${nameOf(call)} -> ${[status, ...decisions].join(' | ')}`);
    let answer: Answer;
    try {
      if (standIn === undefined) throw new Error(`nobody is ${call.host}`);
      const clouds: Clouds = Object.create(this.clouds, { note: { value: (decision: string) => decisions.push(decision) } });
      const status = Number(this.fault);
      if (status > 0) throw new Denied(status, status === 429 ? 'slow down' : 'we are working on it');
      if (call.headers['content-type'] === 'application/grpc') {
        this.overGrpc(call, clouds, response, note);
        return;
      }
      answer = await standIn.answer(call, clouds);
    } catch (error: any) {
      const denied = error instanceof Denied ? error : new Denied(error instanceof Refusal ? 400 : 500, error.message);
      decisions.push(denied.status === 500 ? `FAILED ${error.stack}` : `REFUSED ${denied.message}`);
      answer = standIn?.refuse(call, denied) ?? { status: 502 };
    }
    if (answer.to === undefined) {
      note(answer.status ?? 200);
      const body = typeof answer.body === 'string' || Buffer.isBuffer(answer.body) ? answer.body : JSON.stringify(answer.body ?? '');
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...answer.headers });
      response.end(call.method === 'HEAD' ? undefined : body);
      return;
    }
    this.toStore(call, answer, response, note);
  }

  /** Lets a store answer, which sees who may and nobody else. */
  private toStore(call: Call, { to, host, path, headers }: Answer, response: ServerResponse, note: (status: string | number) => void): void {
    const { remote } = this.stores;
    if (to === 'remote' && remote === undefined) throw new Error('there is no remote cluster');
    const target = to === 'remote'
      ? { port: remote!.port, ca: remote!.ca, servername: 'localhost', headers: { ...call.headers, authorization: `Bearer ${remote!.token}` } }
      : { port: this.stores[to as 'moto' | 'registry'], headers: call.headers };
    const options = {
      host: '127.0.0.1',
      method: call.method,
      path: path ?? `${call.url.pathname}${call.url.search}`,
      ...target,
      headers: { ...target.headers, ...headers, 'host': host ?? call.host, 'x-forwarded-proto': 'https' },
    };
    const sent = (to === 'remote' ? forwardTls : forward)(options, (stored) => {
      note(stored.statusCode!);
      for (const name of ['connection', 'transfer-encoding', 'keep-alive']) delete stored.headers[name];
      response.writeHead(stored.statusCode!, stored.headers);
      stored.pipe(response);
    });
    sent.on('error', (error) => {
      note(`the store failed: ${error.message}`);
      if (!response.headersSent) response.writeHead(502);
      response.end();
    });
    response.on('close', () => sent.destroy());
    sent.end(call.body);
  }

  private overGrpc(call: Call, clouds: Clouds, response: any, note: (status: string | number) => void): void {
    try {
      const message = decryptByGrpc(call, clouds);
      note('grpc 0');
      response.writeHead(200, { 'content-type': 'application/grpc' });
      response.addTrailers({ 'grpc-status': '0' });
      response.end(message);
    } catch (error: any) {
      note(`grpc 7 | REFUSED ${error.message}`);
      response.stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '7', 'grpc-message': encodeURIComponent(inWordsOf('google', error.message).says) }, { endStream: true });
    }
  }
}

const nameOf = ({ host, method, url }: Call): string => `${host} ${method} ${url.pathname}${url.search.slice(0, 60)}`;

function standInOf(host: string): StandIn | undefined {
  const matches = (form: string) => (form.startsWith('*.') ? host.endsWith(form.slice(1)) && !host.slice(0, -form.length + 1).includes('.') : host === form);
  return STAND_INS.find(({ hosts }) => hosts.some(matches));
}
