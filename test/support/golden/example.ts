import { readFileSync } from 'node:fs';

// biome-ignore lint/suspicious/noExplicitAny: JSON of every shape, documented and actual, is looked into by member name at any depth; a declared shape would assert nothing.
export type Body = any;

/** One request and response of the public reference, as transcribed in `test/golden/graph-reference.jsonl`. */
export interface Example {
  /** `version/page#number`. */
  readonly id: string;
  readonly version: 'v1.0' | 'beta';
  readonly method: string;
  /** Path and query below the version. */
  readonly url: string;
  readonly requestHeaders?: Readonly<Record<string, string>>;
  readonly requestBody?: Body;
  readonly status: number;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly responseBody?: Body;
}

export const examples: readonly Example[] = readFileSync(
  new URL('../../golden/graph-reference.jsonl', import.meta.url),
  'utf8',
)
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));

/** Text of a page that stands for any value: `{id}`, `guid`, `<guid1>`, `id`. */
export const isPlaceholder = (text: string): boolean => /^(\{.*\}|<.*>|guid|id|string|.*-value)$/i.test(text);
