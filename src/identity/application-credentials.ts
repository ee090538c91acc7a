import { randomBytes } from 'node:crypto';
import type { Directory, OperationCall, PrepareContext } from '../directory/index.ts';
import { digest, Fault, isoDateTime, newId } from '../kernel/index.ts';
import { type EntityOf, entities, fold } from '../model/index.ts';
import { checkImpersonation } from './application-grants.ts';
import { faults } from './faults.ts';

type Application = EntityOf<typeof entities.application>;
type Credential = Application['passwordCredentials'][number];

interface Context extends Pick<PrepareContext, 'caller' | 'clock'> {
  readonly current?: Pick<Application, 'passwordCredentials'>;
}

/** Client secrets, and certificates, of one application. */
export const maximumCredentials = 100;
/** Bytes of a client secret; 40 characters of Base64url. */
const secretBytes = 30;
/** How often an operation starts over because others wrote the same application meanwhile. */
const maximumAttempts = 5;

/**
 * A credential as it is stored: the hash of its text in place of the text. Those that stand already keep theirs; only the server's own
 * writes change or add any. Throws `identity.secretNotAccepted`, `identity.credentialChanged`, `identity.badPeriod`.
 */
export function sealed(sent: Credential, { caller, clock, current }: Context): Credential {
  const { secretText, keyId, ...rest } = sent;
  const stored = current?.passwordCredentials.find((old) => old.keyId && keyId && fold(old.keyId) === fold(keyId));
  if (stored && !secretText) {
    const named = defined(rest);
    if (caller.kind !== 'system' && differs(named, stored)) throw faults.credentialChanged({ keyId });
    return { ...stored, ...named, hint: stored.hint, secretHash: stored.secretHash, secretText: null };
  }
  if (!secretText || caller.kind !== 'system') throw faults.secretNotAccepted();
  const start = rest.startDateTime ?? isoDateTime(clock.now());
  const end = rest.endDateTime ?? twoYearsAfter(start);
  if (end <= start) throw faults.badPeriod();
  return {
    customKeyIdentifier: rest.customKeyIdentifier ?? null,
    displayName: rest.displayName ?? null,
    endDateTime: end,
    hint: [...secretText].slice(0, 3).join(''),
    keyId: keyId ?? newId(),
    startDateTime: start,
    secretText: null,
    secretHash: digest(secretText),
  };
}

const defined = (values: Partial<Credential>): Partial<Credential> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null));

const differs = (named: Partial<Credential>, stored: Credential): boolean =>
  Object.entries(named).some(([name, value]) => stored[name as keyof Credential] !== value);

/** The default lifetime of a client secret (Graph contract c.3). */
function twoYearsAfter(start: string): string {
  const end = new Date(start);
  end.setUTCFullYear(end.getUTCFullYear() + 2);
  return isoDateTime(Math.floor(end.getTime() / 1000));
}

type Holder = typeof entities.application | typeof entities.servicePrincipal;
type Call<E extends Holder> = OperationCall<E>;
type Operations<E extends Holder> = Readonly<Record<string, (call: Call<E>) => Promise<unknown>>>;

/**
 * `addPassword` makes a client secret and tells it, this once; `removePassword` takes one away. `application`: whose rights the secret
 * proves. They throw `identity.grantNotHeld`, `identity.tooManyCredentials`, `identity.unknownCredential` and what `sealed` throws.
 */
export const passwordOperations = <E extends Holder>(
  type: E,
  application: (call: Call<E>) => Promise<Application | undefined>,
): Operations<E> => ({
  async addPassword(call) {
    const asked = (call.parameters['passwordCredential'] ?? {}) as Partial<Credential>;
    if (asked.secretText) throw faults.secretNotAccepted();
    const owner = await application(call);
    if (owner) await checkImpersonation(owner, call.caller, (appId) => applicationOf(call.directory, appId));
    const secretText = randomBytes(secretBytes).toString('base64url');
    const keyId = newId();
    const { displayName, startDateTime, endDateTime, customKeyIdentifier } = asked;
    const added = defined({ displayName, startDateTime, endDateTime, customKeyIdentifier } as Partial<Credential>);
    const changed = await change(type, call, (credentials) => {
      if (credentials.length >= maximumCredentials) throw faults.tooManyCredentials({ maximum: maximumCredentials });
      return [...credentials, { ...added, keyId, secretText }];
    });
    const { secretHash: _, ...made } = changed.find((one) => one.keyId === keyId) ?? {};
    return { ...made, secretText };
  },
  async removePassword(call) {
    const keyId = String(call.parameters['keyId']);
    await change(type, call, (credentials) => {
      const left = credentials.filter((one) => one.keyId !== keyId);
      if (left.length === credentials.length) throw faults.unknownCredential({ keyId });
      return left;
    });
  },
});

/** The application of a client id. */
export async function applicationOf(directory: Directory, appId: string): Promise<Application | undefined> {
  const filter = { op: 'eq', path: ['appId'], value: appId } as const;
  return (await directory.find({ type: entities.application, filter, limit: 1 })).items[0]?.entity;
}

/** Rewrites the credentials as they are at this moment, so that of two simultaneous secrets none is lost. */
async function change<E extends Holder>(
  type: E,
  { directory, target, trusted }: Call<E>,
  rewrite: (credentials: readonly Credential[]) => readonly Partial<Credential>[],
): Promise<readonly Partial<Credential>[]> {
  const ref = { type, id: target?.entity.id ?? '' };
  for (let attempt = 1; ; attempt += 1) {
    const found = attempt === 1 ? target : await directory.get(ref);
    const patch = { passwordCredentials: rewrite(found?.entity.passwordCredentials ?? []) };
    try {
      return (await directory.update(trusted, ref, patch, found?.etag)).entity.passwordCredentials;
    } catch (error) {
      const again = error instanceof Fault && error.status === 412 && attempt < maximumAttempts;
      if (!again) throw error;
    }
  }
}
