import type { Body, Example } from './example.ts';
import type { Stage } from './stage.ts';

/** The names of a path, its keys in parentheses as names of their own, without query and casts. */
export const namesOf = (url: string): readonly string[] =>
  (url.split('?')[0] ?? '')
    .replaceAll(/\('([^']*)'\)/g, '/$1')
    .split('/')
    .filter((name) => name !== '' && !/^microsoft\.graph\./i.test(name));

export interface Scene {
  readonly stage: Stage;
  readonly example: Example;
  /** What follows the key of the first entity, lower case. */
  readonly rest: readonly string[];
  readonly body: Body;
  /** The entities of a list that is answered. */
  readonly listed: readonly Body[];
}

export const isKey = (key: string | undefined): key is string => key !== undefined && !key.startsWith('$');
