import {
  type Behaviour,
  behaviour,
  type CheckContext,
  type PrepareContext,
  type Versioned,
} from '../directory/index.ts';
import { isoDateTime } from '../kernel/index.ts';
import { type Draft, type EntityOf, entities, type Filter, fold } from '../model/index.ts';
import { faults } from './faults.ts';
import { isEmail } from './sign-in-names.ts';

const type = entities.authenticationMethod;
type Method = EntityOf<typeof type>;

/** Of one person. */
export const maximumMethods = 20;

export const ofUser = (userId: string): Filter => ({ op: 'eq', path: ['userId'], value: userId });

/** A number, an address, a list of recovery codes: one of each. */
const sameAs =
  (next: Method) =>
  ({ kind, phoneNumber, emailAddress }: Method): boolean =>
    kind === next.kind &&
    (kind === 'recoveryCode' ||
      (kind === 'phone' && phoneNumber === next.phoneNumber) ||
      (kind === 'email' && fold(emailAddress ?? '') === fold(next.emailAddress ?? '')));

const namesDestination = ({ kind, phoneNumber, emailAddress }: Draft<typeof type>): boolean =>
  (kind === 'phone' && Boolean(phoneNumber) && !emailAddress) ||
  (kind === 'email' && isEmail(emailAddress ?? '') && !phoneNumber);

/** With a method that is none of the list there is something for which the codes stand in. */
const standsAlone = ({ kind }: Method): boolean => kind !== 'recoveryCode';

const methodRules = behaviour({
  type,
  async prepare(draft: Draft<typeof type>, { verb, clock, caller }: PrepareContext<typeof type>) {
    // The server keeps what somebody has just proved; anybody else says where to send codes, and no more.
    if (caller.kind !== 'system' && !namesDestination(draft)) throw faults.badMethod();
    return verb === 'create' ? { ...draft, createdDateTime: isoDateTime(clock.now()) } : draft;
  },
  async check(next: Method, { reader, verb }: CheckContext): Promise<void> {
    if (verb === 'update') return;
    const owner = await reader.get({ type: entities.user, id: next.userId });
    if (!owner) throw faults.unknownOwner({ id: next.userId });
    const { items } = await reader.find({ type, filter: ofUser(next.userId), limit: maximumMethods });
    if (items.some(({ values }) => sameAs(next)(values as Method))) throw faults.methodExists();
    if (items.length >= maximumMethods) throw faults.tooManyMethods({ maximum: maximumMethods });
  },
  /** Recovery codes stand in for a method; without one they would be all that is asked for. */
  async removedWith(removed: Method, { reader }) {
    const owner = await reader.get({ type: entities.user, id: removed.userId });
    if (!owner) return [];
    const { items } = await reader.find({ type, filter: ofUser(removed.userId), limit: maximumMethods });
    const others = items.filter(({ id }) => fold(id) !== fold(removed.id));
    if (others.some(({ values }) => standsAlone(values as Method))) return [];
    return others.map(({ id }) => ({ type, id }));
  },
  derive: async (found: readonly Versioned<typeof type>[]) =>
    found.map(({ entity: { kind, recoveryCodes } }) => ({
      recoveryCodesLeft: kind === 'recoveryCode' ? recoveryCodes.length : null,
    })),
});

/** Whoever is removed leaves no keys behind. */
const ownerRules = behaviour({
  type: entities.user,
  async removedWith({ id }: EntityOf<typeof entities.user>, { reader }) {
    const { items } = await reader.find({ type, filter: ofUser(id), limit: maximumMethods });
    return items.map((row) => ({ type, id: row.id }));
  },
});

export const authenticatorBehaviours: readonly Behaviour[] = [methodRules, ownerRules];
