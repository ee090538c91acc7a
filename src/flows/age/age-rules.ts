import type { EpochSeconds } from '../../kernel/index.ts';

/** Ages in years. */
interface AgeRule {
  /** From this birthday on a person may consent to the use of their data themselves; absent: no law asks parents. */
  readonly consent?: number;
  /** From this birthday on a person is of full age. */
  readonly majority: number;
}

/** Where no law is named below. */
const anywhere: AgeRule = { majority: 18 };

/** Ages of consent by country (ISO 3166-1), with the law that says so. In the European Union it is 16 where no law lowers it (GDPR Article 8). */
const consentAges: Readonly<Record<string, number>> = {
  AT: 14, // DSG § 4(4)
  BE: 13, // Act of 30 July 2018, Article 7
  BG: 14, // Personal Data Protection Act, Article 25c
  CY: 14, // Law 125(I)/2018, section 8
  CZ: 15, // Act 110/2019, § 7
  DE: 16,
  DK: 15, // databeskyttelsesloven § 6(2), since 2024
  EE: 13, // Personal Data Protection Act, § 8
  ES: 14, // LO 3/2018, artículo 7
  FI: 13, // Data Protection Act 1050/2018, section 5
  FR: 15, // loi 78-17, article 45
  GB: 13, // Data Protection Act 2018, section 9
  GR: 15, // Law 4624/2019, Article 21
  HR: 16,
  HU: 16,
  IE: 16, // Data Protection Act 2018, section 31
  IS: 13, // Act 90/2018, Article 10
  IT: 14, // D.Lgs. 196/2003, articolo 2-quinquies
  KR: 14, // Personal Information Protection Act, Article 22-2
  LI: 16,
  LT: 14, // Law on Legal Protection of Personal Data, Article 6
  LU: 16,
  LV: 13, // Personal Data Processing Law, section 33
  MT: 13, // Subsidiary Legislation 586.11
  NL: 16,
  NO: 13, // personopplysningsloven § 5
  PL: 16,
  PT: 13, // Lei 58/2019, artigo 16
  RO: 16,
  SE: 13, // SFS 2018:218, 2 kap. 4 §
  SI: 15, // ZVOP-2, člen 8
  SK: 16, // Act 18/2018, § 15
  US: 13, // Children's Online Privacy Protection Rule, 16 CFR 312.2
};

/** Ages of majority other than 18. The first group as Azure AD B2C has them (its page "Manage user access"). */
const majorities: Readonly<Record<string, number>> = {
  AE: 21,
  BH: 21,
  CM: 21,
  EG: 21,
  SG: 21,
  TD: 21,
  TH: 20,
  KR: 19, // Civil Act, Article 4
  NZ: 20, // Age of Majority Act 1970, section 4
};

function ageRuleOf(country: string): AgeRule {
  const consent = consentAges[country];
  const majority = majorities[country] ?? anywhere.majority;
  return consent === undefined ? { majority } : { consent, majority };
}

/** What the law of a country makes of an age, in the words of the directory (Graph, `user`: `ageGroup`, `consentProvidedForMinor`). */
export interface Age {
  readonly ageGroup: 'minor' | 'notAdult' | 'adult';
  /** The law asks no parent. */
  readonly consentNotRequired?: true;
}

/** Completed years on the day that `now` is in UTC. Who was born on 29 February has a birthday on 1 March in other years. */
export function yearsSince(dateOfBirth: string, now: EpochSeconds): number {
  const today = new Date(now * 1000).toISOString();
  const years = Number(today.slice(0, 4)) - Number(dateOfBirth.slice(0, 4));
  return today.slice(5, 10) < dateOfBirth.slice(5, 10) ? years - 1 : years;
}

/**
 * Below the age of consent: a minor whose parents have to consent. Between that and majority: not an adult. Where no law asks parents:
 * a minor for whom no consent is required. `dateOfBirth`: RFC 3339 full-date.
 */
export function ageIn(country: string, dateOfBirth: string, now: EpochSeconds): Age {
  const { consent, majority } = ageRuleOf(country);
  const years = yearsSince(dateOfBirth, now);
  if (years >= majority) return { ageGroup: 'adult' };
  if (consent === undefined) return { ageGroup: 'minor', consentNotRequired: true };
  return { ageGroup: years < consent ? 'minor' : 'notAdult' };
}
