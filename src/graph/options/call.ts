import type { FunctionName } from '../../model/index.ts';
import { faults } from '../faults.ts';
import type { Kind } from './literal.ts';

interface Signature {
  readonly takes: readonly Kind[];
  /** Further arguments that may be left out. */
  readonly mayTake?: readonly Kind[];
  readonly gives: Kind;
}

const onMoment: Signature = { takes: ['moment'], gives: 'number' };
const onText: Signature = { takes: ['text'], gives: 'text' };
const onTexts = (gives: Kind): Signature => ({ takes: ['text', 'text'], gives });

/** OData 4.01 URL conventions §5.1.1.5 (text) and §5.1.1.8 (dates). */
const signatures: Readonly<Record<Called, Signature>> = {
  concat: onTexts('text'),
  contains: onTexts('boolean'),
  date: { takes: ['moment'], gives: 'day' },
  day: onMoment,
  endswith: onTexts('boolean'),
  hour: onMoment,
  indexof: onTexts('number'),
  length: { takes: ['text'], gives: 'number' },
  minute: onMoment,
  month: onMoment,
  second: onMoment,
  startswith: onTexts('boolean'),
  substring: { takes: ['text', 'number'], mayTake: ['number'], gives: 'text' },
  tolower: onText,
  toupper: onText,
  trim: onText,
  year: onMoment,
};

export type Called = Exclude<FunctionName, 'count'>;

/** Throws `graph.badFilter`. */
export function checkArity(name: Called, given: number, position: number): void {
  const { takes, mayTake = [] } = signatures[name];
  if (given >= takes.length && given <= takes.length + mayTake.length) return;
  throw faults.badFilter({ reason: `'${name}' takes another number of arguments`, position });
}

/** What a call gives. Throws `graph.badFilter` for an argument of a wrong kind. */
export function kindOfCall(name: Called, given: readonly { readonly kind: Kind; readonly at: number }[]): Kind {
  const { takes, mayTake = [], gives } = signatures[name];
  for (const [index, { kind, at }] of given.entries()) {
    const wanted = [...takes, ...mayTake][index];
    if (kind === wanted || kind === 'any') continue;
    throw faults.badFilter({ reason: `'${name}' takes a ${wanted} here`, position: at });
  }
  return gives;
}
