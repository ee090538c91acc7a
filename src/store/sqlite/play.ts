import type { Fragment } from '../sql/fragment.ts';
import type { Ask, Script } from '../sql/script.ts';
import type { Asked } from './whichever.ts';

const noNumbers = (): never => {
  throw new Error('This script draws no numbers.');
};

/** Puts what a script asks to the connection, at once. `next` gives the numbers. Throws what the script throws. */
export function play<T>(script: Script<T>, connection: Asked, next: () => number = noNumbers): T {
  let step = script.next();
  while (!step.done) {
    const ask = step.value;
    step = script.next(answer(ask, connection, next));
  }
  return step.value;
}

/** Milliseconds after which others get their turn. */
const longestTurn = 5;

/** As `play`, but lets others in between statements when it takes long. `wide`: who answers what may look at many rows; else it is the connection. */
export async function playInTurns<T>(
  script: Script<T>,
  connection: Asked,
  wide?: (statement: Fragment) => Promise<unknown>,
): Promise<T> {
  let [step, began] = [script.next(), performance.now()];
  while (!step.done) {
    if (performance.now() - began > longestTurn) {
      await new Promise(setImmediate);
      began = performance.now();
    }
    const ask = step.value;
    const beside = wide && ask.wanted === 'rows' && ask.wide;
    step = script.next(beside ? await wide(ask.statement) : answer(ask, connection, noNumbers));
  }
  return step.value;
}

function answer(ask: Ask, connection: Asked, next: () => number): unknown {
  switch (ask.wanted) {
    case 'rows':
      return connection.all(ask.statement);
    case 'count':
      return connection.run(ask.statement);
    case 'number':
      return next();
    case 'definition':
      return connection.exec(ask.text);
    default:
      return ask satisfies never;
  }
}
