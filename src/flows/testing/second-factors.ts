import type { User } from '../../identity/index.ts';
import type { Arrival } from '../journey.ts';
import { createFlow, type House, openHouse, password, seed, type Visitor } from './harness.ts';

/** A tenant with a flow for each way to ask for a second factor. */
export interface FactorHouse {
  readonly house: House;
  /** Somebody with a password, and nothing else. */
  person(): Promise<User & { readonly email: string }>;
  /** With the right password. */
  signIn(flow: string, email: string): Promise<Visitor>;
  /** What is on record for the person. */
  kinds(userId: string): Promise<readonly string[]>;
  lastArrival(): Arrival | undefined;
  /** When another code may be asked for. */
  nextMinute(): void;
}

export const actionsOf = ({ screen }: Pick<Visitor, 'screen'>): readonly string[] =>
  screen.actions.map(({ name }) => name);

export async function openFactorHouse(): Promise<FactorHouse> {
  const house = await openHouse();
  let people = 0;
  const method = (multifactorAuthenticationMethod: string, multifactorAuthenticationState = 'on') => ({
    multifactorAuthenticationConfiguration: { multifactorAuthenticationState, multifactorAuthenticationMethod },
  });
  await createFlow(house, 'phone', method('phoneSms'));
  await createFlow(house, 'email', method('email'));
  await createFlow(house, 'totp', method('authenticator'));
  await createFlow(house, 'recovery', { ...method('phoneCallOrSms'), settings: { areRecoveryCodesOffered: true } });
  await createFlow(house, 'offered', { ...method('phoneSms', 'conditional'), isConditionalAccessEnforced: true });
  await createFlow(house, 'early', { ...method('phoneSms'), settings: { isUserCreatedBeforeMultifactor: true } });
  return {
    house,
    async person() {
      people += 1;
      const email = `person${people}@contoso.example`;
      const passwordHash = await house.identity.hashPassword(password);
      const user = await house.identity.register(seed, { email, passwordHash, attributes: {} });
      return { ...user, email };
    },
    async signIn(flow, email) {
      const visitor = await house.begin(`B2C_1_${flow}`);
      await visitor.press('next', { email, password });
      return visitor;
    },
    kinds: async (userId) => (await house.identity.authenticators.of(userId)).map(({ kind }) => kind),
    lastArrival: () => house.host.arrivals.at(-1),
    nextMinute: () => house.clock.advance(60),
  };
}
