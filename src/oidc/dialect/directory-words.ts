import type { Fault } from '../../kernel/index.ts';
import { codeOf, type ErrorCode, refusal } from './errors.ts';

/** Whose numbers errors bear: Azure AD B2C's at user flows, those of the directory at the tenant's own authority. */
export type Dialect = 'b2c' | 'directory';

type Words = ErrorCode | readonly [ErrorCode, ...(readonly string[])];

/** What is wrong with the request itself, where the directory has no number for the parameter. */
const malformed = 'AADSTS9002313';

/** The directory's numbers for what a user flow has B2C's for. `{0}` stands for the same value in both unless one is given here. */
const directory: Partial<Record<ErrorCode, Words>> = {
  AADB2C90004: 'AADSTS900971',
  AADB2C90005: 'AADSTS50011',
  AADB2C90006: 'AADSTS50011',
  AADB2C90007: 'AADSTS500113',
  AADB2C90008: ['AADSTS900144', 'client_id'],
  AADB2C90009: ['AADSTS900144', 'nonce'],
  AADB2C90010: ['AADSTS900144', 'scope'],
  AADB2C90013: 'AADSTS70005',
  AADB2C90014: 'AADSTS70007',
  AADB2C90018: 'AADSTS700016',
  AADB2C90027: 'AADSTS50000',
  AADB2C90028: 'AADSTS50000',
  AADB2C90035: 'AADSTS90033',
  AADB2C90037: 'AADSTS50000',
  AADB2C90043: 'AADSTS90023',
  AADB2C90046: 'AADSTS90007',
  AADB2C90055: 'AADSTS70011',
  AADB2C90057: 'AADSTS70005',
  AADB2C90067: 'AADSTS90102',
  AADB2C90075: 'AADSTS50000',
  AADB2C90077: 'AADSTS50058',
  AADB2C90079: 'AADSTS7000218',
  AADB2C90080: 'AADSTS70008',
  AADB2C90081: 'AADSTS7000215',
  AADB2C90083: 'AADSTS900144',
  AADB2C90084: 'AADSTS700025',
  AADB2C90085: 'AADSTS50000',
  AADB2C90086: 'AADSTS70003',
  AADB2C90088: 'AADSTS70000',
  AADB2C90090: 'AADSTS70000',
  AADB2C90091: 'AADSTS65004',
  AADB2C90092: 'AADSTS7000112',
  AADB2C90110: ['AADSTS70005', 'id_token'],
  AADB2C90111: 'AADSTS50057',
  AADB2C90112: malformed,
  AADB2C90114: 'AADSTS50053',
  AADB2C90115: ['AADSTS900144', 'scope'],
  AADB2C90117: 'AADSTS70011',
  AADB2C90118: 'AADSTS50126',
  AADB2C90120: malformed,
  AADB2C90121: 'AADSTS70044',
  AADB2C90122: malformed,
  AADB2C90128: 'AADSTS50034',
  AADB2C90129: 'AADSTS50173',
  AADB2C90145: 'AADSTS50079',
  AADB2C90146: 'AADSTS28000',
  AADB2C90151: 'AADSTS500121',
  AADB2C90157: 'AADSTS50126',
  AADB2C90162: 'AADSTS50000',
  AADB2C90182: 'AADSTS501481',
  AADB2C90183: 'AADSTS501481',
  AADB2C90184: 'AADSTS501491',
  AADB2C90205: 'AADSTS650057',
  AADB2C90210: malformed,
  AADB2C90226: 'AADSTS900561',
  AADB2C90244: 'AADSTS90055',
  AADB2C90261: 'AADSTS50000',
  AADB2C90273: 'AADSTS90123',
  AADB2C90279: 'AADSTS70000',
  AADB2C90287: 'AADSTS500112',
  AADB2C99002: 'AADSTS50020',
  AADB2C99005: 'AADSTS70011',
  AADB2C99059: 'AADSTS9002325',
};

/** Where B2C makes no difference. */
const b2c: Partial<Record<ErrorCode, Words>> = {
  AADSTS16000: 'AADB2C90077',
  AADSTS50076: 'AADB2C90077',
};

const tables = { b2c, directory };

const valuesOf = ({ data }: Fault): readonly string[] =>
  Object.entries(data)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, value]) => String(value));

/** The same refusal in the words of who refuses. What they have no number for stays as it is. */
export function spoken(failure: Fault, dialect: Dialect): Fault {
  const code = codeOf(failure);
  const found = code && tables[dialect][code];
  if (!found) return failure;
  const [number, ...given] = typeof found === 'string' ? [found] : found;
  return refusal(number, ...(given.length > 0 ? given : valuesOf(failure)));
}
