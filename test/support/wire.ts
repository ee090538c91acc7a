import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Hears what goes over one connection, in the pieces in which it comes. */
export interface Tap {
  sent(chunk: Buffer): void;
  answered(chunk: Buffer): void;
}

/** The way to a server of this machine, which a test can make long, cut, or let die without a word. */
export interface Wire {
  readonly port: number;
  /** How long everything is under way from one end to the other, in milliseconds; a question and its answer take twice that. */
  delay: number;
  /** Connections that clients hold at this moment. */
  readonly open: number;
  /** Connections so far. */
  readonly made: number;
  /**
   * What is connected now hears nothing more and is told of no end, as when a machine at the other end lost its power; `newToo`: so does
   * whoever connects from now on, until `heal`.
   */
  vanish(options?: { readonly newToo?: boolean }): void;
  /** Whoever connects from now on is let through. What had vanished stays so. */
  heal(): void;
  /** Ends every connection with a reset (RFC 9293 §3.10.7), and refuses new ones in the same way until `heal`, if so asked. */
  cut(options?: { readonly newToo?: boolean }): void;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  isDead: boolean;
}

/** Hands pieces on in their order, after so long. */
function carry(from: Socket, to: Socket, pair: Pair, wire: Pick<Wire, 'delay'>, hear?: (chunk: Buffer) => void): void {
  const later = (act: () => void): void => {
    const whenAlive = () => pair.isDead || act();
    if (wire.delay === 0) whenAlive();
    else setTimeout(whenAlive, wire.delay);
  };
  from.on('data', (chunk: Buffer) => {
    if (pair.isDead) return;
    hear?.(chunk);
    later(() => void to.write(chunk));
  });
  from.once('end', () => later(() => void to.end()));
  from.once('close', () => later(() => void to.destroy()));
  from.on('error', () => undefined);
}

/**
 * `tap`: told of each connection; what it gives hears it. `lose`, called while a piece is heard, ends that connection for both sides, and the
 * piece arrives nowhere.
 */
export async function startWire(target: number, tap?: (lose: () => void) => Tap): Promise<Wire> {
  const pairs = new Set<Pair>();
  const idle = new Set<Socket>();
  let [made, mode]: [number, 'open' | 'vanished' | 'cut'] = [0, 'open'];

  function join(client: Socket): void {
    const server = connect({ host: '127.0.0.1', port: target, noDelay: true });
    const pair: Pair = { client, server, isDead: false };
    pairs.add(pair);
    client.once('close', () => pairs.delete(pair));
    const heard = tap?.(() => {
      pair.isDead = true;
      client.destroy();
      server.destroy();
    });
    carry(client, server, pair, wire, heard?.sent);
    carry(server, client, pair, wire, heard?.answered);
  }

  const listener = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    made += 1;
    client.on('error', () => undefined);
    if (mode === 'open') return join(client);
    if (mode === 'cut') return void client.resetAndDestroy();
    idle.add(client);
    client.once('close', () => idle.delete(client));
    // What comes is taken, else the sender would notice when no room is left for it.
    client.resume();
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');

  const wire: Wire = {
    port: (listener.address() as AddressInfo).port,
    delay: 0,
    get open() {
      return pairs.size + idle.size;
    },
    get made() {
      return made;
    },
    vanish({ newToo = false } = {}) {
      if (newToo) mode = 'vanished';
      for (const pair of pairs) {
        pair.isDead = true;
        // The server behind hears of it, as it would by itself some time later; nobody tells the client.
        pair.server.destroy();
      }
    },
    heal() {
      mode = 'open';
    },
    cut({ newToo = false } = {}) {
      if (newToo) mode = 'cut';
      for (const { client, server } of pairs) {
        client.resetAndDestroy();
        server.destroy();
      }
    },
    async close() {
      for (const { client, server } of pairs) {
        client.destroy();
        server.destroy();
      }
      for (const socket of idle) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
  return wire;
}
