import { type HeaderElement, headerElements } from './header-list.ts';

/** How many annotations a body carries (`odata.metadata`). */
export type MetadataLevel = 'none' | 'minimal' | 'full';

/** The JSON that is wanted (OData JSON §3). */
export interface JsonFormat {
  readonly metadata: MetadataLevel;
  /** `Edm.Int64` and `Edm.Decimal` as texts, for readers whose numbers are doubles. */
  readonly ieee754: boolean;
}

/** What is sent when nobody asks for anything else (Graph contract d.1). */
export const usualFormat: JsonFormat = { metadata: 'minimal', ieee754: false };

/** `application/json` with the parameters Graph names (Graph contract d.5). */
export const jsonType = ({ metadata, ieee754 }: JsonFormat): string =>
  `application/json;odata.metadata=${metadata};odata.streaming=true;IEEE754Compatible=${ieee754};charset=utf-8`;

const levels: ReadonlySet<string> = new Set(['none', 'minimal', 'full']);
const booleans: ReadonlySet<string> = new Set(['true', 'false']);

/** Parameters that are understood, and the values of each. */
const known: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['odata.metadata', levels],
  ['metadata', levels],
  ['odata.streaming', booleans],
  ['streaming', booleans],
  ['ieee754compatible', booleans],
  ['charset', new Set(['utf-8'])],
]);

/** RFC 9110 §12.4.2. */
const weight = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

interface Range {
  readonly quality: number;
  readonly format: JsonFormat;
}

/**
 * The JSON to answer with; undefined when the caller accepts none. `$format` outweighs the header (OData protocol §11.2.12). A
 * range with a parameter that is not understood, such as `odata=verbose` of OData 2, is not served (§8.2.1).
 */
export function acceptedJson(accept: string | undefined, format: string | undefined): JsonFormat | undefined {
  if (format !== undefined) return formatNamed(format);
  if (accept === undefined) return usualFormat;
  const elements = headerElements(accept);
  if (elements.length === 0) return accept.trim() === '' ? usualFormat : undefined;
  for (const type of ['application/json', 'application/*', '*/*']) {
    const ranges = elements.filter(({ name }) => name === type).flatMap(rangeOf);
    // The most precise range that fits decides (RFC 9110 §12.5.1), also when it says no.
    if (ranges.length > 0) return bestOf(ranges);
  }
  return undefined;
}

/** `json`, or a media type with its parameters. Which formats there are at all is for the plan to say. */
function formatNamed(text: string): JsonFormat | undefined {
  const [element] = headerElements(text);
  if (element?.name !== 'json' && element?.name !== 'application/json') return usualFormat;
  return rangeOf(element)[0]?.format;
}

const bestOf = (ranges: readonly Range[]): JsonFormat | undefined =>
  ranges.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality)[0]?.format;

/** Nothing for a range that cannot be served. */
function rangeOf({ parameters }: HeaderElement): readonly Range[] {
  const given = new Map([...parameters].map(([name, value]) => [name, value.toLowerCase()]));
  const q = given.get('q') ?? '1';
  given.delete('q');
  if (!weight.test(q) || [...given].some(([name, value]) => !known.get(name)?.has(value))) return [];
  const level = given.get('odata.metadata') ?? given.get('metadata');
  const metadata = level === 'none' || level === 'full' ? level : 'minimal';
  return [{ quality: Number(q), format: { metadata, ieee754: given.get('ieee754compatible') === 'true' } }];
}
