/** Letters that texts of a script are written with, by ISO 15924 code as `Intl.Locale` tells it. */
const letters: Readonly<Record<string, RegExp>> = {
  Arab: /\p{Script=Arabic}/u,
  Beng: /\p{Script=Bengali}/u,
  Cyrl: /\p{Script=Cyrillic}/u,
  Deva: /\p{Script=Devanagari}/u,
  Grek: /\p{Script=Greek}/u,
  Gujr: /\p{Script=Gujarati}/u,
  Guru: /\p{Script=Gurmukhi}/u,
  Hans: /\p{Script=Han}/u,
  Hant: /\p{Script=Han}/u,
  Hebr: /\p{Script=Hebrew}/u,
  Jpan: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u,
  Knda: /\p{Script=Kannada}/u,
  Kore: /\p{Script=Hangul}/u,
  Latn: /\p{Script=Latin}/u,
  Mlym: /\p{Script=Malayalam}/u,
  Taml: /\p{Script=Tamil}/u,
  Telu: /\p{Script=Telugu}/u,
  Thai: /\p{Script=Thai}/u,
};

/** Characters that only one form of Chinese has, of those that texts of this kind are full of. */
const onlySimplified = /[这们请码输账户为发时进验证设电邮号应过录续继关闭错误选择确认须创长个从该]/u;
const onlyTraditional = /[這們請碼輸帳戶為發時進驗證設電郵號應過錄續繼關閉錯誤選擇確認須創長個從該]/u;

const kana = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** A Japanese text of more characters than this has kana in it. */
const kanaFrom = 12;

/** Numbers, product names and abbreviations may stand in Latin letters; a text that is mostly Latin is not translated. */
const mostLatin = 0.6;

const count = (text: string, pattern: RegExp): number => [...text].filter((one) => pattern.test(one)).length;

export const scriptOf = (tag: string): string => new Intl.Locale(tag).maximize().script ?? 'Latn';

/** Why a text cannot be of the language, if so; `text` without its placeholders. */
export function wrongScript(tag: string, text: string): string | undefined {
  const script = scriptOf(tag);
  const expected = letters[script];
  if (!expected) return `there is no list of letters for ${script}`;
  const all = count(text, /\p{L}/u);
  if (all === 0) return undefined;
  const latin = script === 'Latn' ? 0 : count(text, /\p{Script=Latin}/u);
  const own = count(text, expected);
  if (own === 0) return `no letter of its script (${script})`;
  if (latin / all > mostLatin) return `mostly Latin letters instead of ${script}`;
  if ([...text].some((one) => isForeign(one, expected, script))) return `letters of another script than ${script}`;
  return wrongForm(script, text);
}

/** Marks that several scripts share, such as the long vowel of kana, are of none. */
const isForeign = (letter: string, expected: RegExp, script: string): boolean =>
  /\p{L}/u.test(letter) &&
  !expected.test(letter) &&
  !/[\p{Script=Common}\p{Script=Inherited}]/u.test(letter) &&
  (script === 'Latn' || !/\p{Script=Latin}/u.test(letter)) &&
  !(script === 'Kore' && /\p{Script=Han}/u.test(letter));

function wrongForm(script: string, text: string): string | undefined {
  if (script === 'Hans' && onlyTraditional.test(text)) return 'traditional characters';
  if (script === 'Hant' && onlySimplified.test(text)) return 'simplified characters';
  const isLong = count(text, /\p{L}/u) > kanaFrom;
  return script === 'Jpan' && isLong && !kana.test(text) ? 'no kana in a long text' : undefined;
}
