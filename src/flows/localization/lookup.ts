import { createLru } from '../../kernel/index.ts';

/** Written in Bokmål, which readers of either form read. */
const norwegian: Readonly<Record<string, string>> = { no: 'nb', nn: 'nb' };

interface Parts {
  readonly language: string;
  readonly script: string | undefined;
  readonly region: string | undefined;
}

/** Asking ICU takes longer than the rest of a page; spellings of tags are without end. */
const read = createLru<{ readonly parts: Parts | undefined }>(500);

function partsOf(tag: string): Parts | undefined {
  try {
    const { language, script, region } = new Intl.Locale(tag).maximize();
    return { language: norwegian[language] ?? language, script, region };
  } catch {
    return undefined;
  }
}

/** With the script and region that the tag leaves unsaid (UTS 35, likely subtags); undefined for what is no language tag. */
function likely(tag: string): Parts | undefined {
  const known = read.get(tag);
  if (known) return known.parts;
  const parts = partsOf(tag);
  read.set(tag, { parts });
  return parts;
}

/** The tag and what is left of it when its end is taken away piece by piece: `de-Latn-AT`, `de-Latn`, `de` (RFC 4647 §3.4). */
export function rangesOf(tag: string): readonly string[] {
  const parts = tag.split('-');
  return parts
    .map((_, index) => parts.slice(0, parts.length - index).join('-'))
    .filter((range) => !/-[a-z0-9]$/i.test(range));
}

/** What a tag stands for beside itself: `zh-TW` is written in `zh-hant`, `no` in `nb`, `pt` is that of Brazil, `pt-AO` that of Portugal. */
function impliedBy({ language, script, region }: Parts): readonly string[] {
  const spoken = language === 'pt' && region !== 'BR' ? 'PT' : region;
  return [`${language}-${script}-${spoken}`, `${language}-${script}`, `${language}-${spoken}`, language];
}

/** One that is written alike, wherever it is spoken. */
const relativeOf = (wanted: Parts, offered: readonly string[]): string | undefined =>
  offered.find((tag) => {
    const other = likely(tag);
    return other?.language === wanted.language && other.script === wanted.script;
  });

/**
 * The first wanted language that is offered (RFC 4647 §3.4, lookup), as it is offered. What a tag leaves unsaid counts too, and rather
 * than none the same language of another region is taken, never one in another script. Tags are compared without regard to case.
 */
export function lookup(wanted: readonly string[], offered: readonly string[]): string | undefined {
  const known = new Map(offered.map((tag) => [tag.toLowerCase(), tag]));
  const find = (tags: readonly string[]) => {
    const found = tags.find((tag) => known.has(tag.toLowerCase()));
    return found === undefined ? undefined : known.get(found.toLowerCase());
  };
  for (const tag of wanted) {
    const exact = known.get(tag.toLowerCase());
    if (exact !== undefined) return exact;
    const parts = likely(tag);
    if (!parts) continue;
    const near = [...rangesOf(tag), ...impliedBy(parts)].filter((range) => likely(range)?.script === parts.script);
    const found = find(near) ?? relativeOf(parts, offered);
    if (found !== undefined) return found;
  }
  return undefined;
}

const rightToLeftScripts: readonly (string | undefined)[] = [
  'Adlm',
  'Arab',
  'Hebr',
  'Mand',
  'Nkoo',
  'Rohg',
  'Syrc',
  'Thaa',
];

/** In which direction a language is written. */
export const directionOf = (tag: string): 'ltr' | 'rtl' =>
  rightToLeftScripts.includes(likely(tag)?.script) ? 'rtl' : 'ltr';
