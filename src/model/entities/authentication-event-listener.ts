import { entity } from '../entity.ts';
import { int32, string } from '../property.ts';
import { conditions, eventPermissions } from './authentication-conditions.ts';

/** What happens on one event, for the applications of its conditions. */
export const authenticationEventListener = entity('authenticationEventListener', {
  abstract: true,
  open: true,
  set: { path: 'identity/authenticationEventListeners', typedPatch: true },
  properties: {
    displayName: string({ nullable: true, maxLength: 256 }),
    /** From 0 to 1000; the highest counts. */
    priority: int32({ min: 0, max: 1000, default: 500, indexed: true }),
    authenticationEventsFlowId: string({ nullable: true, maxLength: 128, indexed: true }),
    conditions,
  },
  permissions: eventPermissions,
  source: 'https://learn.microsoft.com/graph/api/resources/authenticationeventlistener',
});
