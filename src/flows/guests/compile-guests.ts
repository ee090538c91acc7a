import { faults } from '../faults.ts';
import { type AccountKind, type AccountSwitches, offeredAccounts } from '../local-accounts.ts';
import type { OfferedProvider, Plan, PlanRules } from '../plan.ts';
import { type GuestSignUp, guest } from '../recipes/guest.ts';
import { mailProvider } from './mail-person.ts';
import type { RedeemSettings } from './redeem.ts';
import { redemptionFlow } from './redemption.ts';
import { provingFor } from './tenant-providers.ts';

/** How newcomers come to an account, as the flow says it. */
export interface NewcomerRules extends Omit<GuestSignUp, 'accounts'> {
  /** Ids of the identity providers linked to it, those among them that the server itself is. */
  readonly linked: readonly string[];
}

/** What a plan for the tenant's own sign-in is compiled from. */
export interface GuestParts {
  readonly flowId: string;
  readonly version: string;
  readonly switches: AccountSwitches;
  /** All that the tenant has. */
  readonly providers: readonly OfferedProvider[];
  /** Absent: nobody gets an account. */
  readonly newcomers?: NewcomerRules;
}

/** Eight digits for half an hour (b2c contract i row 3, j "B2X OTP"); the rest as in user flows. */
const codes: PlanRules['codes'] = {
  digits: 8,
  lifetimeSeconds: 1800,
  triesPerCode: 5,
  resendSeconds: 30,
  codesPerJourney: 10,
};

const ofTheTenant = (switches: AccountSwitches): readonly AccountKind[] =>
  offeredAccounts('emailWithPassword,userName', [mailProvider], switches);

const byMeans: readonly AccountKind[] = ['emailCode', 'emailWithPassword'];

function signUpOf(id: string, { linked, ...rules }: NewcomerRules, switches: AccountSwitches): GuestSignUp {
  const offered = offeredAccounts('0', linked, switches);
  const accounts = byMeans.filter((kind) => offered.includes(kind)) as GuestSignUp['accounts'];
  if (accounts.length === 0 && rules.providers.length === 0) {
    throw faults.noProvider({ id, cause: 'None of the identity providers of the flow has credentials to run with.' });
  }
  return { ...rules, accounts };
}

/** Pure: same parts, same plan. Throws `flows.noProvider` for a flow by which nobody could get an account. */
export function compileGuests({ flowId, version, switches, providers, newcomers }: GuestParts): Plan {
  const signUp = newcomers && signUpOf(flowId, newcomers, switches);
  const steps = guest({ accounts: ofTheTenant(switches), providers, ...(signUp ? { signUp } : {}) });
  return { flowId, version, steps, rules: { codes, callsExtensions: true }, providers: provingFor(providers) };
}

/** One page, whatever flows there are: who was invited needs none. */
export function redemptionPlan(providers: readonly OfferedProvider[]): Plan {
  const settings: RedeemSettings = { providers };
  const steps = [{ kind: 'redeem', settings }];
  return { flowId: redemptionFlow, version: redemptionFlow, steps, rules: { codes, callsExtensions: true }, providers };
}
