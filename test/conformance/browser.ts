import { ChildProcess, spawn } from 'child_process';
import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Readable, Writable } from 'stream';

/** A page in a headless Chromium, by its DevTools protocol over pipes: nothing listens anywhere. */
export class Browser {
  public static async start(program: string): Promise<Browser> {
    const profile = mkdtempSync(join(tmpdir(), 'browser-'));
    const child = spawn(program, [
      '--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-pipe', `--user-data-dir=${profile}`, '--window-size=1500,1000', '--no-first-run', 'about:blank',
    ], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    const browser = new Browser(child, profile);
    const { targetInfos } = await browser.send('Target.getTargets', {}, undefined);
    const { targetId } = targetInfos.find(({ type }: any) => type === 'page');
    browser.session = (await browser.send('Target.attachToTarget', { targetId, flatten: true }, undefined)).sessionId;
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await browser.send(`${domain}.enable`);
    await browser.send('Performance.enable', { timeDomain: 'threadTicks' });
    return browser;
  }

  /** What the page complained of. */
  public readonly complaints: string[] = [];
  /** What it asked the network for. */
  public readonly requests: string[] = [];
  private session?: string;
  private next = 1;
  private readonly open = new Map<number, { resolve: (value: any) => void; reject: (error: Error) => void }>();
  private readonly waiting = new Map<string, () => void>();

  private constructor(private readonly child: ChildProcess, private readonly profile: string) {
    let rest = '';
    (child.stdio[4] as Readable).setEncoding('utf8').on('data', (chunk: string) => {
      const messages = (rest + chunk).split('\0');
      rest = messages.pop()!;
      messages.forEach((message) => this.receive(JSON.parse(message)));
    });
  }

  /** Opens a file and waits until it is loaded; returns the milliseconds of processor time that it took the page: the rest is what else the machine does. */
  public async goto(url: string): Promise<number> {
    const loaded = new Promise<void>((resolve) => this.waiting.set('Page.loadEventFired', resolve));
    await this.send('Page.navigate', { url });
    await loaded;
    const { metrics } = await this.send('Performance.getMetrics');
    return metrics.find(({ name }: any) => name === 'ThreadTime').value * 1000;
  }

  /** The value of an expression in the page. */
  public async evaluate(expression: string): Promise<any> {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Presses a key, as people do. */
  public async press(key: 'Tab' | 'Enter' | 'Escape'): Promise<void> {
    const code = { Tab: 9, Enter: 13, Escape: 27 }[key];
    const event = { key, code: key, windowsVirtualKeyCode: code, ...(key === 'Enter' ? { text: '\r' } : {}) };
    await this.send('Input.dispatchKeyEvent', { type: 'keyDown', ...event });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
  }

  public async type(text: string): Promise<void> {
    await this.send('Input.insertText', { text });
  }

  public async send(method: string, params: object = {}, sessionId: string | undefined = this.session): Promise<any> {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.open.set(id, { resolve, reject });
      (this.child.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  public async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.child.on('exit', resolve));
    // It ends its own processes; killed, it would leave them.
    await this.send('Browser.close', {}, undefined).catch(() => this.child.kill('SIGKILL'));
    await gone;
    this.child.stdio.forEach((pipe) => pipe?.destroy());
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  private receive({ id, result, error, method, params }: any): void {
    if (id !== undefined) {
      const { resolve, reject } = this.open.get(id)!;
      this.open.delete(id);
      if (error === undefined) resolve(result); else reject(new Error(error.message));
    } else if (method === 'Runtime.exceptionThrown') {
      this.complaints.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    } else if (method === 'Log.entryAdded') {
      this.complaints.push(params.entry.text);
    } else if (method === 'Network.requestWillBeSent') {
      this.requests.push(params.request.url);
    }
    this.waiting.get(method)?.();
  }
}
