import { connect } from 'node:tls';
import type { Usher } from '../support/usher.ts';

/** The longest that an answer may take, in milliseconds. */
const patience = 4_000;

/** Writes bytes to the server as they are, and resolves to everything it says until it closes or has been quiet. Never rejects. */
export function sendRaw(usher: Usher, bytes: Buffer, quietMilliseconds = 150): Promise<string> {
  return new Promise((resolve) => {
    const heard: Buffer[] = [];
    const socket = connect({ host: '127.0.0.1', port: usher.port, servername: new URL(usher.url).hostname });
    const end = () => {
      socket.destroy();
      resolve(Buffer.concat(heard).toString('latin1'));
    };
    socket.setTimeout(patience, end);
    socket.once('error', end);
    socket.once('close', end);
    socket.on('data', (chunk: Buffer) => {
      heard.push(chunk);
      socket.setTimeout(quietMilliseconds, end);
    });
    socket.once('secureConnect', () => socket.write(bytes));
  });
}

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** The answers in what was heard, one after the other; what is no HTTP/1.1 is an answer of status 0. */
export function answersIn(heard: string): readonly RawAnswer[] {
  const answers: RawAnswer[] = [];
  let rest = heard;
  while (rest !== '') {
    const status = /^HTTP\/1\.1 (\d{3}) /.exec(rest)?.[1];
    const end = rest.indexOf('\r\n\r\n');
    if (status === undefined || end < 0) return [...answers, { status: 0, head: '', body: rest }];
    const head = rest.slice(0, end);
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    const until = length === undefined ? endOfChunks(rest, end + 4, head) : end + 4 + Number(length);
    answers.push({ status: Number(status), head, body: rest.slice(end + 4, until) });
    rest = rest.slice(until);
  }
  return answers;
}

function endOfChunks(text: string, from: number, head: string): number {
  if (!/\r\ntransfer-encoding: chunked/i.test(head))
    return /^HTTP\/1\.1 (?:1\d\d|204|304) /.test(head) ? from : text.length;
  const last = text.indexOf('0\r\n\r\n', from);
  return last < 0 ? text.length : last + 5;
}
