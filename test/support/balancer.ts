import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Hands connections to nodes in turn, without looking into them. */
export interface Balancer {
  readonly port: number;
  /** The nodes in turn from now on, by their ports; connections that are open stay where they are. */
  use(ports: readonly number[]): void;
  close(): Promise<void>;
}

/** A node that takes no connection is passed over; when none does, the client's connection ends. */
export async function startBalancer(): Promise<Balancer> {
  let nodes: readonly number[] = [];
  let turn = 0;
  const open = new Set<Socket>();

  function keep(socket: Socket): Socket {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    // An end without a word is an ordinary end of a killed node.
    socket.on('error', () => socket.destroy());
    return socket;
  }

  function lead(client: Socket, tries: number): void {
    const port = nodes[turn++ % Math.max(nodes.length, 1)];
    if (port === undefined || tries === 0) {
      client.destroy();
      return;
    }
    const node = keep(connect({ host: '127.0.0.1', port }));
    const again = () => lead(client, tries - 1);
    node.once('error', again);
    node.once('connect', () => {
      node.off('error', again);
      client.pipe(node);
      node.pipe(client);
      node.once('close', () => client.destroy());
      client.once('close', () => node.destroy());
    });
  }

  const server = createServer({ pauseOnConnect: true }, (client) => {
    keep(client);
    lead(client, nodes.length);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    use(ports) {
      nodes = ports;
    },
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
