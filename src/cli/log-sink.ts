import { constants, fstatSync, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { isatty } from 'node:tty';

/** Writes lines, and never waits for whoever reads them. */
export interface LogSink {
  write(line: string): void;
}

/** Bytes that wait for a reader; what comes on top is dropped, and counted. */
const mostWaiting = 1_048_576;

const standardError = 2;

/** A file or a terminal takes what it is given. */
const takesAll = (): boolean => isatty(standardError) || !isWaitedFor();

function isWaitedFor(): boolean {
  const kind = fstatSync(standardError);
  return kind.isFIFO() || kind.isSocket();
}

/** Standard error opened once more where that is possible, so that others who write to the same pipe still wait for its reader. */
function ownDescriptor(shared: number): number {
  try {
    return openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return shared;
  }
}

/** Node's own stream for standard error switches the descriptor to waiting when it is opened, so that must have happened before. */
function openStream(): Socket {
  return new Socket({ fd: ownDescriptor(process.stderr.fd), readable: false, writable: true });
}

/** A disk without room takes nothing for a while, which is no reason to answer nobody. */
function fileSink(dropped: (lines: number) => string): LogSink {
  let lost = 0;
  return {
    write(line) {
      try {
        writeSync(standardError, lost > 0 ? `${dropped(lost)}${line}` : line);
        lost = 0;
      } catch {
        lost += 1;
      }
    },
  };
}

/**
 * Standard error as a sink. Where it is a pipe or a socket that nobody reads, the server goes on: a mebibyte waits, the rest is dropped and
 * `dropped` makes the line that says how many lines that were.
 */
export function standardErrorSink(dropped: (lines: number) => string): LogSink {
  if (takesAll()) return fileSink(dropped);
  const stream = openStream();
  stream.unref();
  let isGone = false;
  stream.on('error', () => {
    isGone = true;
  });
  let [lost, waiting] = [0, ''];

  function flush(): void {
    const lines = waiting;
    waiting = '';
    if (lines !== '' && !isGone) stream.write(lines);
  }
  function told(): void {
    if (lost === 0) return;
    const line = dropped(lost);
    lost = 0;
    waiting += line;
    flush();
  }
  stream.on('drain', told);
  process.once('exit', flush);
  return {
    write(line) {
      if (isGone) return;
      if (stream.writableLength + waiting.length > mostWaiting) {
        lost += 1;
        return;
      }
      // The lines of one turn of the event loop are one write.
      if (waiting === '') setImmediate(flush);
      waiting += line;
    },
  };
}
