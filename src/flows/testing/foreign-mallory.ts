import type { Mischief } from '../../../test/support/foreign-provider/mischief.ts';
import { isFault } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import { addForeign, type Foreign, offerForeign } from './foreign.ts';
import { assign, type House, seed, type Visitor } from './harness.ts';
import { type Pick, victims } from './mallory.ts';

/** Mallory at a foreign provider, where a victim has an account too. She signs in there as herself, and says of herself what she likes. */
export interface ForeignMallory {
  /** Flows that lead there. */
  readonly flowIds: readonly string[];
  isAway(tab: Visitor): boolean;
  /** Comes back with what the provider answered, with an older answer, or with something made up. */
  comeBack(tab: Visitor, pick: Pick): Promise<void>;
  close(): Promise<void>;
}

/** By which an application sends people there at once. */
export const domainHint = 'elsewhere.example';

/** `issuerAssignedId` of the victim there. */
const victimSubject = 'victim-Of-Everybody';

const claimed = [
  { sub: 'mallory-1', name: 'Mallory', email: victims.email, email_verified: true },
  { sub: 'mallory-2', email: victims.email, preferred_username: victims.userName, phone_number: victims.phone },
  { sub: victimSubject.toLowerCase(), name: 'Almost the victim' },
  { sub: 'mallory-3', name: victims.userName, email: 'mallory@mallory.example', email_verified: false },
] as const;

const fair = [undefined, undefined, undefined, undefined, undefined, undefined] as const;
const mischiefs: readonly (Mischief | undefined)[] = [...fair, 'cancel', 'wrongNonce', 'forged', 'absentNonce'];

const local = { authenticationMethods: 'emailWithPassword' };
const factor = {
  multifactorAuthenticationConfiguration: {
    multifactorAuthenticationState: 'on',
    multifactorAuthenticationMethod: 'email',
  },
};

async function offer(house: House, one: Foreign): Promise<readonly string[]> {
  await offerForeign(house, 'away', local, one);
  await offerForeign(house, 'awayonly', { ...factor }, one);
  await offerForeign(house, 'awayup', { userFlowType: 'signUp', ...local }, one);
  await offerForeign(house, 'awayedit', { userFlowType: 'profileUpdate', ...local }, one);
  await assign(house, 'email', { requiresVerification: true }, 'B2C_1_away');
  await assign(house, 'displayName', {}, 'B2C_1_awayedit');
  return ['away', 'awayonly', 'awayup', 'awayedit'].map((id) => `B2C_1_${id}`);
}

export async function foreignMallory(house: House): Promise<ForeignMallory> {
  const one = await addForeign(house, { domainHint });
  const { server } = one;
  const identities = [{ signInType: 'federated', issuer: server.issuer, issuerAssignedId: victimSubject }];
  await house.directory.create(seed, entities.user, { displayName: 'Victim', identities });
  const answers: Readonly<Record<string, string>>[] = [];
  return {
    flowIds: await offer(house, one),
    isAway: ({ move }) => move.kind === 'go' && move.url.startsWith(server.origin),
    async comeBack(tab, pick) {
      server.person = pick(claimed);
      server.mischief = pick(mischiefs);
      const { params } = await server.signIn(tab.url);
      answers.unshift(params);
      answers.splice(5);
      const invented = { ...params, state: 'made-up' };
      const sent = pick([params, params, params, params, params, params, ...answers, invented, undefined]);
      try {
        if (sent) await house.flows.bringBack({ params: sent });
      } catch (error) {
        if (!isFault(error, 'flows.journeyLost')) throw error;
      }
      await tab.look();
    },
    close: () => server.close(),
  };
}

/** The victim's name there, which nobody else comes in by. */
export const foreignVictim = victimSubject;
