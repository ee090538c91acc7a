import { connect, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';

/** What was answered; header names in lower case. */
export interface Answer {
  readonly status: number;
  /** `set-cookie` in the order it came; the last of any other name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

export interface Asked {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  /** Beside Host and Content-Length. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * One connection over which one request after another is asked: HTTP/1.1, kept alive, opened again when the server closed it. A server may close
 * an idle connection at the moment a request goes out: what was asked over a kept connection that ends without one byte of an answer is
 * asked once more over a new one (RFC 9112 §9.3.1).
 */
export interface Connection {
  ask(asked: Asked): Promise<Answer>;
  close(): void;
}

interface Waiting {
  readonly text: string;
  /** It went over a connection that had answered something before, and nothing has come back yet. */
  mayAgain: boolean;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

const noBytes = Buffer.alloc(0);
const headEnd = '\r\n\r\n';

function headOf(text: string): Omit<Answer, 'body'> {
  const [start = '', ...lines] = text.split('\r\n');
  const headers = new Map<string, string>();
  const cookies: string[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    if (name === 'set-cookie') cookies.push(value);
    else headers.set(name, value);
  }
  return { status: Number(start.slice(9, 12)), headers, cookies };
}

/** The body in `rest`, and how many bytes of it are taken; absent while it is not all there. */
function bodyIn(
  head: Omit<Answer, 'body'>,
  rest: Buffer,
): { readonly body: Buffer; readonly taken: number } | undefined {
  if (head.headers.get('transfer-encoding') === 'chunked') return chunkedIn(rest);
  const length = head.status === 204 || head.status === 304 ? 0 : Number(head.headers.get('content-length') ?? 0);
  return rest.length < length ? undefined : { body: rest.subarray(0, length), taken: length };
}

function chunkedIn(rest: Buffer): { readonly body: Buffer; readonly taken: number } | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = rest.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(rest.toString('latin1', at, line), 16);
    const end = line + 2 + size;
    if (rest.length < end + 2) return undefined;
    if (size === 0) return { body: Buffer.concat(parts), taken: end + 2 };
    parts.push(rest.subarray(line + 2, end));
    at = end + 2;
  }
}

/**
 * A client that costs little beside the server it asks: `fetch` and `https.request` take more of a processor than many an answer does. It asks
 * one thing at a time, and believes what it is sent. `ca`: PEM, for `https:`. `from`: the address
 * that it comes from.
 */
export function openConnection(origin: string, ca: string, from?: string): Connection {
  const { hostname, port, host, protocol } = new URL(origin);
  const to = { host: hostname, port: Number(port), ...(from === undefined ? {} : { localAddress: from }) };
  const open = () => (protocol === 'https:' ? connectSecurely({ ...to, ca, servername: hostname }) : connect(to));
  let socket: Socket | undefined;
  let held: Buffer = noBytes;
  let head: Omit<Answer, 'body'> | undefined;
  let waiting: Waiting | undefined;

  function take(chunk: Buffer): void {
    if (waiting) waiting.mayAgain = false;
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    if (!head) {
      const end = held.indexOf(headEnd);
      if (end < 0) return;
      head = headOf(held.toString('latin1', 0, end));
      held = held.subarray(end + headEnd.length);
    }
    const found = bodyIn(head, held);
    if (!found) return;
    const answer = { ...head, body: found.body };
    held = held.subarray(found.taken);
    head = undefined;
    if (answer.headers.get('connection') === 'close') drop();
    const { resolve } = waiting ?? {};
    waiting = undefined;
    resolve?.(answer);
  }

  function drop(): void {
    socket?.destroy();
    socket = undefined;
    held = noBytes;
    head = undefined;
  }

  function opened(): Socket {
    if (socket && !socket.destroyed) return socket;
    const made = open();
    made.setNoDelay(true);
    made.on('data', (chunk: Buffer) => made === socket && take(chunk));
    const lost = (error?: Error) => {
      if (made !== socket) return;
      drop();
      if (waiting?.mayAgain) return send({ ...waiting, mayAgain: false });
      waiting?.reject(error ?? new Error('The server closed the connection.'));
      waiting = undefined;
    };
    made.once('error', lost);
    made.once('close', () => lost());
    socket = made;
    return made;
  }

  function send(asking: Waiting): void {
    waiting = asking;
    opened().write(asking.text);
  }

  return {
    ask({ method = 'GET', path, headers = {}, body }) {
      let text = `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n`;
      for (const name in headers) text += `${name}: ${headers[name]}\r\n`;
      if (body !== undefined) text += `Content-Length: ${Buffer.byteLength(body)}\r\n`;
      return new Promise((resolve, reject) => {
        const mayAgain = socket !== undefined && !socket.destroyed;
        send({ text: `${text}\r\n${body ?? ''}`, mayAgain, resolve, reject });
      });
    },
    close: drop,
  };
}
