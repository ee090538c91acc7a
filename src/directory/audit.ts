import { type Caller, type Clock, isoDateTime } from '../kernel/index.ts';
import { complete, type EntityType, entities, fold, type Place, type Ref } from '../model/index.ts';
import type { Row, StoreReader, StoreTransaction } from '../store/index.ts';
import { activityOf, type Deed, targetTypeOf } from './activities.ts';
import type { Announcer } from './announcer.ts';
import { changedId, createChangeCache } from './change-cache.ts';

type Values = Readonly<Record<string, unknown>>;

/** One write, as the audit log tells of it. */
export interface Written {
  readonly deed: Deed;
  /** The concrete type. */
  readonly type: EntityType;
  readonly row: Pick<Row, 'id' | 'values' | 'within'>;
  /** Names of the properties and navigations written; what is internal is left out of the log. */
  readonly properties: readonly string[];
  /** The other end of a link that was made or cut. */
  readonly linked?: Ref;
}

/** Adds an entry to the audit log in the transaction of the write. */
export type Note = (written: Written) => Promise<void>;

/** The audit log of one tenant. */
export interface Audit {
  /** Finds out who the caller is, which is for before the transaction opens. */
  by(caller: Caller): Promise<(transaction: StoreTransaction) => Note>;
}

interface AuditServices {
  readonly announcer: Pick<Announcer, 'listen'>;
  readonly reader: StoreReader;
  readonly clock: Clock;
  readonly nextId: () => string;
}

/** Who did it, in the shape of `auditActivityInitiator`, and what else is known about that. */
interface Initiator {
  readonly caller: Caller;
  readonly initiatedBy: Values;
  readonly additionalDetails: readonly Values[];
  readonly correlationId: string | null;
}

/** Names in one entry; an open type may have this many members. */
const maxNames = 500;
const maxText = 256;

export function createAudit({ announcer, reader, clock, nextId }: AuditServices): Audit {
  const appName = appNames(announcer, reader);
  return {
    async by(caller) {
      const initiator = await initiatorOf(caller, reader, appName);
      return (transaction) => async (written) => {
        if (isNoteworthy(written, caller)) await writeNote(transaction, initiator, written, nextId(), clock.now());
      };
    },
  };
}

/** Applications are found by their `appId` and kept, since one of them writes many times. */
function appNames(
  announcer: Pick<Announcer, 'listen'>,
  reader: StoreReader,
): (appId: string) => Promise<string | null> {
  const type = entities.application;
  const names = createChangeCache<{ readonly id: string; readonly name: string | null }>(
    { onChange: (of, listener) => announcer.listen(of, listener) },
    {
      types: [type],
      capacity: 100,
      // One that comes into being has an `appId` of its own.
      concerns: (change, { id }) => changedId(change, type) === fold(id),
      async load(value) {
        const { items } = await reader.find({ type, filter: { op: 'eq', path: ['appId'], value }, limit: 1 });
        return items[0] && { id: items[0].id, name: textOf(items[0].values['displayName']) };
      },
    },
  );
  return async (appId) => (await names.get(appId))?.name ?? null;
}

async function initiatorOf(
  caller: Caller,
  reader: StoreReader,
  appName: (appId: string) => Promise<string | null>,
): Promise<Initiator> {
  const asking = caller.kind === 'system' ? (caller.onBehalfOf ?? caller) : caller;
  const details = caller.kind === 'system' && asking !== caller ? [{ key: 'Operation', value: caller.reason }] : [];
  if (asking.kind === 'system') {
    const app = { displayName: asking.reason };
    return { caller, initiatedBy: { app }, additionalDetails: details, correlationId: null };
  }
  const { appId, correlationId = null } = asking;
  if (asking.kind === 'app') {
    const app = { appId, displayName: await appName(appId) };
    return { caller, initiatedBy: { app }, additionalDetails: details, correlationId };
  }
  const found = await reader.get({ type: entities.user, id: asking.userId });
  const { displayName = null, userPrincipalName = null } = found?.values ?? {};
  const user = { id: asking.userId, displayName, userPrincipalName };
  return {
    caller,
    initiatedBy: { user },
    additionalDetails: [...details, { key: 'AppId', value: appId }],
    correlationId,
  };
}

/**
 * Whether the log tells of a write. Logs are not logged, and neither is what the server keeps about an entity for itself, such as a
 * password that was hashed anew at sign-in.
 */
function isNoteworthy({ deed, type, properties }: Written, caller: Caller): boolean {
  if (type.log) return false;
  const ownUse = caller.kind === 'system' && !caller.onBehalfOf && deed === 'updated';
  return !(ownUse && properties.every((name) => isInternal(type, name)));
}

const isInternal = (type: EntityType, name: string): boolean =>
  Object.hasOwn(type.properties, name) && type.properties[name]?.rules.access === 'internal';

/** Adds the entry of one write. */
async function writeNote(
  transaction: StoreTransaction,
  { caller, ...who }: Initiator,
  written: Written,
  id: string,
  now: number,
): Promise<void> {
  const type = entities.directoryAudit;
  const { deed, properties } = written;
  const root = rootOf(written.row.within);
  const activity = activityOf(root?.type ?? written.type, root ? 'updated' : deed, properties);
  const values = complete(type, {
    ...activity,
    ...who,
    activityDateTime: isoDateTime(now),
    operationType: root ? 'Update' : operationTypes[deed],
    result: 'success',
    targetResources: targetsOf(written, root),
  });
  await transaction.insert({ ref: { type, id }, values }, caller);
}

const operationTypes: Readonly<Record<Deed, string>> = { created: 'Add', updated: 'Update', deleted: 'Delete' };

interface Root {
  readonly type: EntityType;
  readonly id: string;
  /** The navigation at the end of which the entity was written. */
  readonly navigation: string;
}

/** The topmost entity around one. */
function rootOf(within: Place | undefined): Root | undefined {
  if (!within) return undefined;
  const { parent, navigation } = within;
  return rootOf(parent.within) ?? { type: parent.type, id: parent.id, navigation };
}

/** First what the activity is called after, then what else was touched. */
function targetsOf({ type, row, properties, linked }: Written, root: Root | undefined): readonly Values[] {
  const names = properties.filter((name) => !isInternal(type, name)).slice(0, maxNames);
  const own = {
    ...targetOf(type, row.id, row.values),
    modifiedProperties: names.map((displayName) => ({ displayName })),
  };
  return [
    ...(root ? [{ ...targetOf(root.type, root.id), modifiedProperties: [{ displayName: root.navigation }] }] : []),
    own,
    ...(linked ? [targetOf(linked.type, linked.id)] : []),
  ];
}

function targetOf(type: EntityType, id: string, values: Values = {}): Values {
  return {
    id,
    type: targetTypeOf(type),
    displayName: textOf(values['displayName']),
    userPrincipalName: textOf(values['userPrincipalName']),
  };
}

const textOf = (value: unknown): string | null =>
  typeof value === 'string' ? value.slice(0, maxText).toWellFormed() : null;
