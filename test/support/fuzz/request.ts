import fc from 'fast-check';
import { inventory, type Offer } from '../../../src/graph/index.ts';
import { allTypes } from '../../../src/model/index.ts';
import { seeded } from '../usher.ts';

/** A request as text: whatever a client could send. */
export interface Wild {
  readonly method: string;
  /** From the root, with query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const offers: readonly Offer[] = (['v1.0', 'beta'] as const).flatMap((version) => inventory(version));

/** Names that mean something to the server, so that random text comes further than its first check. */
const propertyNames: readonly string[] = [
  ...new Set(allTypes().flatMap((type) => [...Object.keys(type.properties), ...Object.keys(type.navigations)])),
];

const nasty: readonly string[] = [
  "'",
  "''",
  '%27',
  '%2527',
  '../',
  '%2e%2e%2f',
  '\u0000',
  '%00',
  '\u202e',
  '😀',
  '\ud800',
  "' OR '1'='1",
  '"; DROP TABLE e_user; --',
  '{{7*7}}',
  '#{7*7}',
  '__proto__',
  'constructor',
  'toString',
  '$ref',
  '$value',
  '$count',
  '$metadata',
  '$batch',
  'microsoft.graph.user',
  'microsoft.graph.',
  '()',
  "(id='",
  "(appId='x')",
  'NaN',
  '-1',
  '1e309',
  '9223372036854775808',
  '*',
  ',',
  ';',
  '#',
  'a'.repeat(2_000),
];

const word = fc.oneof(fc.constantFrom(...nasty), fc.constantFrom(...propertyNames), fc.string({ maxLength: 12 }));

const key = fc.oneof(
  fc.constantFrom(
    seeded.flow,
    'B2X_1_guests',
    'city',
    'email',
    'EmailPassword-OAUTH',
    seeded.user,
    'en',
    'idpselections',
  ),
  fc.uuid(),
  word,
);

const encoded = (text: string): string => {
  try {
    return encodeURIComponent(text);
  } catch {
    return '%ED%A0%80';
  }
};

/** The names of a path; a key that stands in parentheses is part of the name before. */
const namesOf = ({ path: parts }: Offer, keys: readonly string[]): string[] =>
  parts
    .map((part, index) => {
      if (typeof part === 'string') return `/${part}`;
      const text = encoded(keys[index % keys.length] ?? '');
      return part.by === undefined ? `/${text}` : `(${part.by}='${text}')`;
    })
    .join('')
    .slice(1)
    .split('/');

/** A path the server has, with any keys, and sometimes with a segment too many, too few or of another kind. */
const path = fc
  .tuple(fc.constantFrom(...offers), fc.array(key, { minLength: 6, maxLength: 6 }), fc.option(word), fc.nat({ max: 9 }))
  .map(([offer, keys, extra, at]) => {
    const names = namesOf(offer, keys);
    if (extra !== null && at < 4) names.splice(at, at % 2, encoded(extra));
    return { offer, path: `/${offer.version}/${names.join('/')}` };
  });

const filterWords = [
  ' eq ',
  ' ne ',
  ' and ',
  ' or ',
  'not ',
  ' in (',
  ')',
  '(',
  "startswith(displayName,'a')",
  "contains(displayName,'",
  'any(x:',
  '/any(c:c/',
  ' has ',
  'null',
  'true',
  "'a'",
  "'o''hara'",
  '2026-01-01T00:00:00Z',
  '1',
  "isof('microsoft.graph.user')",
  'length(',
  'tolower(',
  'indexof(displayName,',
  ...nasty,
];

const filter = fc
  .array(fc.oneof(fc.constantFrom(...filterWords), fc.constantFrom(...propertyNames)), { maxLength: 14 })
  .map((words) => words.join(''));
const list = fc.array(word, { maxLength: 5 }).map((words) => words.join(','));
const number = fc.oneof(
  fc.integer().map(String),
  fc.constantFrom('0', '-1', '1.5', '1e3', 'x', '99999999999999999999'),
);

const option = fc.oneof(
  fc.tuple(fc.constant('$filter'), filter),
  fc.tuple(
    fc.constant('$search'),
    fc.oneof(
      word,
      word.map((text) => `"displayName:${text}"`),
    ),
  ),
  fc.tuple(fc.constantFrom('$select', '$orderby', '$expand'), list),
  fc.tuple(
    fc.constant('$expand'),
    fc.tuple(word, filter).map(([name, inner]) => `${name}($filter=${inner};$top=2)`),
  ),
  fc.tuple(fc.constantFrom('$top', '$skip'), number),
  fc.tuple(fc.constantFrom('$count', '$format', '$skiptoken', '$deltatoken', '$levels', '$apply'), word),
  fc.tuple(word, word),
);

const query = fc
  .array(option, { maxLength: 4 })
  .map((pairs) => pairs.map(([name, value]) => `${encoded(name).replace('%24', '$')}=${encoded(value)}`).join('&'));

const headers = fc.record(
  {
    prefer: fc.oneof(
      fc.constantFrom('return=minimal', 'return=representation', 'odata.maxpagesize=2'),
      fc.constant('x;;=,'),
    ),
    'if-match': fc.constantFrom('*', 'W/"1"', '"', 'W/', 'x'),
    'if-none-match': fc.constantFrom('*', 'W/"1"', 'x'),
    accept: fc.constantFrom('application/json', 'text/html', '*/*;q=x', 'application/json;odata.metadata=full'),
    consistencylevel: fc.constantFrom('eventual', 'session', ''),
    'client-request-id': fc.constantFrom('x', '00000000-0000-0000-0000-000000000000'),
  },
  { requiredKeys: [] },
);

const value = fc.oneof(
  { maxDepth: 3 },
  fc.constantFrom(...nasty),
  fc.constantFrom(
    'textBox',
    'signIn',
    'B2C_1_x',
    'string',
    '#microsoft.graph.basicAuthentication',
    '******',
    'https://a/',
  ),
  fc.jsonValue({ maxDepth: 3 }),
);
const member = fc.tuple(
  fc.oneof(word, fc.constantFrom(...propertyNames, '@odata.type', '@odata.id', 'id', 'x@odata.bind')),
  value,
);
const object = fc.array(member, { maxLength: 6 }).map((members) => JSON.stringify(Object.fromEntries(members)));
const body = fc.oneof(
  { weight: 6, arbitrary: object },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.constantFrom('', '{', '[]', 'null', '{"a":1,"a":2}', `${'['.repeat(5_000)}`, '\ufeff{}') },
);

/** Now and then one that is good, so that there is something to change and something that changed. */
const tame: fc.Arbitrary<Wild> = fc.uuid().map((displayName) => ({
  method: 'POST',
  path: '/v1.0/applications',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ displayName }),
}));

/** Mostly nothing: a wild option or header is refused before anything else is looked at. */
const seldom = <T>(usual: T, one: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: one });

const untamed: fc.Arbitrary<Wild> = fc
  .tuple(path, seldom('', query), seldom({}, headers), fc.option(body, { nil: undefined }), fc.nat({ max: 9 }))
  .map(([{ offer, path: place }, search, given, sent, dice]) => {
    const method = dice === 0 ? 'PUT' : dice === 1 ? 'DELETE' : offer.httpMethod;
    return {
      method,
      path: search === '' ? place : `${place}?${search}`,
      headers: {
        ...given,
        ...(sent === undefined ? {} : { 'content-type': dice === 2 ? 'text/plain' : 'application/json' }),
        // Else Node's client would send the body of a DELETE as the beginning of another request.
        ...(method === 'DELETE' ? { 'content-length': String(Buffer.byteLength(sent ?? '')) } : {}),
      },
      body: method === 'GET' ? undefined : sent,
    };
  });

export const wild: fc.Arbitrary<Wild> = fc.oneof({ weight: 30, arbitrary: untamed }, { weight: 1, arbitrary: tame });
