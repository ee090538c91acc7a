import { createLru } from '../../kernel/index.ts';

/** ISO 3166-1 alpha-2. */
const codes: readonly string[] = `
  AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY
  BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK
  FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR
  IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK
  ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
  PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF
  TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
`
  .trim()
  .split(/\s+/);

export interface Country {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  /** In the language that was asked for. */
  readonly name: string;
}

/** A list has about 15 KB. */
const languagesKept = 50;
const lists = createLru<readonly Country[]>(languagesKept);

/** Every country by its name in the first of these languages (BCP 47), in the order of that language. */
export function countriesIn(locales: readonly string[]): readonly Country[] {
  const [tag = 'en'] = Intl.DisplayNames.supportedLocalesOf([...locales]);
  const known = lists.get(tag);
  if (known) return known;
  const names = new Intl.DisplayNames(tag, { type: 'region' });
  const collator = new Intl.Collator(tag);
  const list = codes
    .map((code): Country => ({ code, name: names.of(code) ?? code }))
    .sort((a, b) => collator.compare(a.name, b.name));
  lists.set(tag, list);
  return list;
}

const simplified = (text: string): string => text.trim().toLowerCase().normalize('NFC');

/** The code of a country that was written in words or as a code (`Deutschland`, `de`): whoever filled in a form may have done either. */
export function countryCodeOf(text: string, locales: readonly string[]): string | undefined {
  const wanted = simplified(text);
  const code = codes.find((one) => one.toLowerCase() === wanted);
  if (code) return code;
  return [...countriesIn(locales), ...countriesIn(['en'])].find(({ name }) => simplified(name) === wanted)?.code;
}
