import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

// Below every system's range of ephemeral ports (Linux 32768, others 49152): from that range any connection of a
// neighbour takes a port between the look and the listening.
const lowest = 10_000;
const pairs = 11_000;

/**
 * A port of the loopback that nobody has at the moment, with the port after it (which the management listener takes unless told otherwise): for an
 * address that has to be known before its server listens. What can tell its address afterwards listens on port 0 instead.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = lowest + 2 * randomInt(pairs);
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
