import { fold } from './query.ts';

/** Words of one text; what lies behind them is not found by `$search`. */
const mostWords = 32;
/** Letters of a word that count, in code points; of a longer one the beginning is found. */
const longestWord = 64;

/** A word of letters, cut where lower case turns to upper case, or a row of digits. */
const words = /\p{Lu}*[[\p{L}--\p{Lu}]\p{M}]+|[\p{Lu}\p{M}]+|\p{N}+/gv;

/**
 * The words of a text, folded, each once: split at spaces, symbols, between letters and digits, and where lower case turns to
 * upper case; words with only symbols between them also count as one (`hello-world`: hello, world, helloworld).
 * https://learn.microsoft.com/graph/search-query-parameter#using-search-on-directory-object-collections
 */
export function wordsOf(text: string): readonly string[] {
  const found = text
    .normalize('NFC')
    .split(/\s+/u)
    .flatMap((run) => {
      const parts = run.match(words) ?? [];
      const joined = run.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
      return joined.length > 1 ? [...parts, joined.join('')] : parts;
    });
  const cut = found.map((word) => [...fold(word)].slice(0, longestWord).join(''));
  return [...new Set(cut)].slice(0, mostWords);
}
