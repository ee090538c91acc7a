import { actionOn, type EntityType, entity } from '../entity.ts';
import { dateTimeOffset, enumType, guid, int32, oneOf, string } from '../property.ts';

/** Graph has change notifications for other things; these follow https://www.standardwebhooks.com. */
export const webhookSource =
  'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md';

/** What receivers can be told of. `docs/webhooks.md` says when each happens and what it carries. */
export const webhookEvent = enumType(
  'usher.webhookEvent',
  {
    userCreated: 0,
    userUpdated: 1,
    userDeleted: 2,
    passwordChanged: 3,
    accountLocked: 4,
    signInSucceeded: 5,
    signInFailed: 6,
    authenticationMethodAdded: 7,
    authenticationMethodRemoved: 8,
    guestInvited: 9,
    guestAccepted: 10,
    configurationChanged: 11,
    /** Sent by the action `test`; nobody registers for it. */
    test: 12,
  },
  [],
);

export const webhookDeliveryState = enumType(
  'usher.webhookDeliveryState',
  {
    /** Waits for its first or its next try. */
    pending: 0,
    /** The receiver took it. */
    succeeded: 1,
    /** Every try was in vain, or the webhook is gone. */
    failed: 2,
  },
  [],
);

const server = { access: 'server', nullable: true } as const;

/** One event on its way to one receiver. The rows that wait are the outbox: they are written with what they tell of. */
export const webhookDelivery = entity('usher.webhookDelivery', {
  set: { path: 'usher/webhookDeliveries', versions: ['beta'], methods: ['list', 'get'] },
  properties: {
    createdDateTime: dateTimeOffset({ access: 'server', indexed: true }),
    webhookId: guid({ access: 'server', indexed: true }),
    event: oneOf(webhookEvent, { access: 'server', indexed: true }),
    state: oneOf(webhookDeliveryState, { access: 'server', default: 'pending', indexed: true }),
    /** Tries so far. */
    attempts: int32({ access: 'server', default: 0 }),
    lastAttemptDateTime: dateTimeOffset({ ...server }),
    /** HTTP status of the last try; null when no answer came. */
    lastStatusCode: int32({ ...server, indexed: 'sparse' }),
    /** Why there was no answer: `forbidden`, `timedOut`, `tooLong`, `unknownHost`, `unreachable`; `notSigned`, `webhookRemoved`. */
    lastFailure: string({ ...server, indexed: 'sparse' }),
    /** While it waits; during a try, when another process may take it over. */
    nextAttemptDateTime: dateTimeOffset({ ...server }),
    /** The body that is sent, as JSON text. */
    payload: string({ access: 'server' }),
    /** While it waits: `{webhookId}/{nextAttemptDateTime}`, so that one stretch of an index holds what is due for one receiver. */
    queue: string({ access: 'internal', nullable: true, indexed: true }),
  },
  operations: {
    replay: actionOn('entity', { versions: ['beta'], returns: (): EntityType => webhookDelivery }),
  },
  permissions: {
    read: ['Usher.Webhook.Read.All', 'Usher.Webhook.ReadWrite.All'],
    write: ['Usher.Webhook.ReadWrite.All'],
  },
  log: { retentionDays: 14, time: 'createdDateTime' },
  source: webhookSource,
});
