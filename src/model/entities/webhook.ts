import { actionOn, type EntityType, entity } from '../entity.ts';
import { boolean, collection, dateTimeOffset, int32, oneOf, string } from '../property.ts';
import { webhookDelivery, webhookDeliveryState, webhookEvent, webhookSource } from './webhook-delivery.ts';

/** An address that is told of identity events. */
export const webhook = entity('usher.webhook', {
  set: { path: 'usher/webhooks', versions: ['beta'] },
  properties: {
    displayName: string({ required: true, maxLength: 256 }),
    targetUrl: string({ required: true, maxLength: 2048 }),
    events: collection(oneOf(webhookEvent), { required: true }),
    /** What happens while it is false is not told; what waited then goes on waiting. */
    isEnabled: boolean({ default: true }),
    /**
     * `whsec_` and Base64 of 24 to 64 bytes: calls then bear `webhook-signature` too, which the libraries of Standard Webhooks check. Every
     * call is signed with the tenant's key without it.
     */
    signingSecret: string({ nullable: true, maxLength: 100, secret: true }),
    createdDateTime: dateTimeOffset({ nullable: true, access: 'server' }),
    /** Since when no call was taken; null while they are. */
    failingSinceDateTime: dateTimeOffset({ nullable: true, access: 'server' }),
    /** Why the server disabled it: `gone` (the receiver answered 410), `failing`; null when it did not. */
    disabledReason: string({ nullable: true, access: 'server' }),
  },
  operations: {
    /** Sends a sample, also while the webhook is disabled. */
    test: actionOn('entity', { versions: ['beta'], returns: (): EntityType => webhookDelivery }),
    /** Sends again what happened in a span of time and is over, or only what is in one state; says how many deliveries. */
    replay: actionOn('entity', {
      versions: ['beta'],
      parameters: {
        since: dateTimeOffset({ required: true }),
        until: dateTimeOffset({ nullable: true }),
        state: oneOf(webhookDeliveryState, { nullable: true }),
      },
      returns: int32(),
    }),
  },
  permissions: {
    read: ['Usher.Webhook.Read.All', 'Usher.Webhook.ReadWrite.All'],
    write: ['Usher.Webhook.ReadWrite.All'],
  },
  source: webhookSource,
});
