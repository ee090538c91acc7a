import type { CallbackAnswer, Departed, Departure, ForeignPerson } from '../federation/index.ts';
import type { User } from '../identity/index.ts';
import { newSecret } from '../kernel/index.ts';
import type { Tenant } from '../store/index.ts';
import type { Facts, ForeignFacts } from './facts.ts';
import { offersNow } from './offered.ts';
import type { OfferedProvider } from './plan.ts';
import type { Action } from './screen.ts';
import type { Outcome, StepContext } from './step.ts';

/** What a step keeps of a person who is at a provider; plain data. */
export interface Abroad {
  readonly provider: string;
  /** What the answer is checked with. */
  readonly departed: Departure & Pick<Departed, 'kept'>;
}

/** Where the person goes, and what the step has to keep until they are back. */
export interface Leaving {
  readonly url: string;
  readonly state: string;
  readonly abroad: Abroad;
}

/** The address that providers send people back to (b2c contract a.1 row 11), as it is registered with them. */
const callbackPath = (tenantName: string): string => `/${tenantName}/oauth2/authresp`.toLowerCase();

/** The same with its origin, one for each way that the server is reached. */
export const callbackOf = ({ domains, id }: Tenant, origin: string): string =>
  `${origin}${callbackPath(domains[0] ?? id)}`;

/** A button for each provider. Its name is a brand's, the same in every language; a flow can say something else (`ClaimsProvider`). */
export const providerActions = (providers: readonly OfferedProvider[]): readonly Action[] =>
  providers.map(({ exchange, name }) => ({ name: exchange, label: { literal: name }, style: 'secondary' }));

export const chosenProvider = (providers: readonly OfferedProvider[], action: string): OfferedProvider | undefined =>
  providers.find(({ exchange }) => exchange === action);

const isCalled = ({ domainHint, domains = [] }: OfferedProvider, wanted: string): boolean =>
  domainHint === wanted || domains.includes(wanted);

/** The one provider that the application has named (b2c contract b.1 `domain_hint`); what names several, or none, is no hint. */
export function hintedProvider(
  providers: readonly OfferedProvider[],
  { journey: { domainHint } }: StepContext,
): OfferedProvider | undefined {
  const wanted = domainHint?.trim().toLowerCase();
  const [found, ...others] = wanted ? providers.filter((one) => isCalled(one, wanted)) : [];
  return others.length === 0 ? found : undefined;
}

/** `undefined`: the provider cannot be reached, or is gone. */
export async function departTo(context: StepContext, { id }: OfferedProvider): Promise<Leaving | undefined> {
  const { locales, loginHint, isFresh, sender } = context.journey;
  const { tenant } = context.directory;
  const provider = sender.origin === undefined ? undefined : await context.federation.find(id);
  const departure: Departure = {
    callback: callbackOf(tenant, sender.origin ?? ''),
    state: newSecret(),
    locales,
    ...(loginHint === undefined ? {} : { loginHint }),
    ...(isFresh ? { isFresh } : {}),
  };
  const departed = await provider?.depart(departure);
  context.note({ what: 'federation', came: departed ? 'departed' : 'unreachable', because: { provider: id } });
  if (!departed) return undefined;
  const { url, kept } = departed;
  return { url, state: departure.state, abroad: { provider: id, departed: { ...departure, kept } } };
}

/** Whom the answer of a provider proves; `disabled`: somebody whose account here is switched off. */
export type Return =
  | Extract<Outcome, { kind: 'refuse' }>
  | { readonly kind: 'known'; readonly learned: Facts }
  | { readonly kind: 'unknown'; readonly learned: Facts }
  | { readonly kind: 'disabled'; readonly account: User };

/** OAuth's own words for what went wrong (RFC 6749 §4.1.2.1): what the provider wrote is not passed on. */
const failed = (error: 'access_denied' | 'server_error' | 'temporarily_unavailable'): Return => ({
  kind: 'refuse',
  refusal: 'foreignFailed',
  detail: `Error: ${error}`,
});

/** Longer names are nobody's here (Graph contract c.7, `issuerAssignedId`). */
const longestName = 100;

const factsOf = (provider: string, { issuer, issuerAssignedId, ...told }: ForeignPerson): ForeignFacts => ({
  provider,
  issuer,
  issuerAssignedId,
  isEmailVerified: told.isEmailVerified,
  ...(told.claims['email'] === undefined ? {} : { email: told.claims['email'] }),
  ...(told.accessToken === undefined ? {} : { accessToken: told.accessToken }),
});

/**
 * Reads the answer of the provider that the person was sent to, which must be offered still. An account is found by what the provider
 * calls the person, never by an address (b2c contract g.2).
 */
export async function receive(
  context: StepContext,
  { provider: id, departed }: Abroad,
  answer: CallbackAnswer,
): Promise<Return> {
  const note = (came: string, reason?: string): void =>
    context.note({ what: 'federation', came, because: { provider: id, ...(reason === undefined ? {} : { reason }) } });
  const provider = await context.federation.find(id);
  if (!provider || !(await offersNow(context.directory, context.journey.flowId, id))) {
    note('refused', 'the flow does not offer the provider any more');
    return failed('temporarily_unavailable');
  }
  const came = await provider.receive(answer, departed);
  if (came.kind !== 'proved') {
    note(came.kind, came.kind === 'failed' ? came.reason : undefined);
    return failed(came.kind === 'cancelled' ? 'access_denied' : 'server_error');
  }
  const { issuer, issuerAssignedId, claims } = came.person;
  if (issuerAssignedId === '' || issuerAssignedId.length > longestName) {
    note('failed', 'the provider names the person with no text or a too long one');
    return failed('server_error');
  }
  const foreign = factsOf(id, came.person);
  const account = await context.identity.findByForeignIdentity(issuer, issuerAssignedId);
  note(account ? 'known' : 'unknown');
  if (!account) {
    return { kind: 'unknown', learned: { intent: 'signUp', foreign, prefill: claims, amr: [foreignMethod] } };
  }
  if (!account.accountEnabled) return { kind: 'disabled', account };
  return { kind: 'known', learned: { intent: 'signIn', userId: account.id, foreign, amr: [foreignMethod] } };
}

/** The `amr` value of somebody whom another has proved; RFC 8176 has none for it. */
export const foreignMethod = 'fed';
