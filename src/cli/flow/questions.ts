import { createInterface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';
import type { Terminal } from '../command.ts';

/** Asks one thing after the other. Lines that are piped in answer as typed ones do. */
export interface Questions {
  /** What was typed, without the line's end; `undefined` when there is nothing more to read. `isHidden`: not shown while it is typed. */
  ask(question: string, isHidden?: boolean): Promise<string | undefined>;
  close(): void;
}

export function createQuestions({ out }: Pick<Terminal, 'out'>, input: Readable & { isTTY?: boolean }): Questions {
  const isTerminal = input.isTTY === true;
  let hides = false;
  const echo = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!hides) out(chunk.toString());
      done();
    },
  });
  const lines = createInterface({ input, terminal: isTerminal, ...(isTerminal ? { output: echo } : {}) });
  const read = lines[Symbol.asyncIterator]();
  return {
    async ask(question, isHidden = false) {
      out(question);
      hides = isHidden;
      const { value, done } = await read.next();
      hides = false;
      if (isHidden || !isTerminal) out('\n');
      return done ? undefined : value;
    },
    close: () => lines.close(),
  };
}
