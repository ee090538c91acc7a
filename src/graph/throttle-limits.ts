import type { Rate } from '../kernel/index.ts';

/** `generous`: what protects the server. `documented`: also the limits of Microsoft's service. `none`: no limits. */
export type Throttling = 'generous' | 'documented' | 'none';

/** So many requests in so many seconds. */
export interface Limit extends Rate {
  /** What is counted together. An application is one of a tenant: client ids may be the same in two, and are different applications. */
  readonly per: 'application' | 'tenant';
  /** First segments of the paths it concerns, in lower case; absent: all. */
  readonly areas?: readonly string[];
  readonly amount: number;
  readonly seconds: number;
}

/**
 * No client of a management API comes near; one that has lost its way is held to a share of what a process can answer, so that
 * others are served. The rate is the documented one for an application.
 */
const protective: readonly Limit[] = [
  { per: 'application', amount: 20_000, seconds: 10 },
  { per: 'tenant', amount: 40_000, seconds: 10 },
];

/** Graph contract c.7. */
const documented: readonly Limit[] = [
  { per: 'application', amount: 2_000, seconds: 1 },
  { per: 'tenant', areas: ['identity', 'identityproviders'], amount: 300, seconds: 60 },
  { per: 'application', areas: ['identity', 'identityproviders'], amount: 200, seconds: 60 },
  { per: 'application', areas: ['auditlogs'], amount: 100, seconds: 10 },
  { per: 'tenant', areas: ['invitations'], amount: 150, seconds: 5 },
];

/** The limits that hold under a choice of the operator. */
export function limitsOf(throttling: Throttling): readonly Limit[] {
  switch (throttling) {
    case 'generous':
      return protective;
    case 'documented':
      return [...protective, ...documented];
    case 'none':
      return [];
    default:
      return throttling satisfies never;
  }
}
