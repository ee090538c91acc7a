import type { Script } from '../sql/script.ts';
import type { Connection } from './connection.ts';

/** Puts what a script asks to the connection, at once. `next` gives the numbers. Throws what the script throws. */
export function play<T>(script: Script<T>, connection: Connection, next: () => number): T {
  let step = script.next();
  while (!step.done) {
    const ask = step.value;
    if (ask.wanted === 'number') step = script.next(next());
    else step = script.next(ask.wanted === 'rows' ? connection.all(ask.statement) : connection.run(ask.statement));
  }
  return step.value;
}
