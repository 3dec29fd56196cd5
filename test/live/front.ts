import { AddressInfo, connect, createServer, Server, Socket } from 'net';
import { pipeline } from 'stream';

/** One address for API servers that take each other's place: what a load balancer is to a cluster of several. */
export class Front {
  /** Where new connections lead. */
  public to?: number;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  public constructor() {
    this.server = createServer((socket) => {
      this.sockets.add(socket.on('close', () => this.sockets.delete(socket)));
      pipeline(socket, connect(this.to!, '127.0.0.1'), socket, () => {});
    });
  }

  /** @returns its port */
  public async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  public close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}
