import type { Refusal } from './journey.ts';

/** The codes by which applications and administrators know why a person came back without signing in (b2c contract b.6). */
export const refusalCodes = {
  forgotPassword: 'AADB2C90118',
  cancelled: 'AADB2C90091',
  foreignFailed: 'AADB2C90273',
  foreignUnknown: 'AADB2C99002',
  tooManyAttempts: 'AADB2C90157',
  factorAttempts: 'AADB2C90151',
  notEnrolled: 'AADB2C90145',
  accountDisabled: 'AADB2C90111',
  blocked: 'AADB2C90037',
  connectorPassword: 'AADB2C90027',
  connectorCertificate: 'AADB2C90028',
  connectorRefused: 'AADB2C90075',
  connectorUnread: 'AADB2C90261',
  connectorUnreached: 'AADB2C90162',
  minor: 'AADB2C99900',
} as const satisfies Readonly<Record<Refusal, string>>;
