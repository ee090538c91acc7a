import { type Behaviour, behaviour, type CheckContext, type PrepareContext } from '../directory/index.ts';
import { isoDateTime } from '../kernel/index.ts';
import { type Draft, type EntityOf, entities, type Filter, fold } from '../model/index.ts';
import { faults } from './faults.ts';

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

const methodRules = behaviour({
  type,
  async prepare(draft: Draft<typeof type>, { verb, clock }: PrepareContext<typeof type>) {
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
