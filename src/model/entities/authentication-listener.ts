import { entity, references } from '../entity.ts';
import { collection, complex, complexType, int32, string } from '../property.ts';
import { b2xIdentityUserFlow } from './b2x-identity-user-flow.ts';
import { clientId } from './common.ts';

/** The first generation of authentication events. Its set was never published in metadata (Graph contract a.7, e row 68). */

const permissions = {
  read: ['Policy.Read.All', 'Policy.ReadWrite.ApplicationConfiguration'],
  write: ['Policy.ReadWrite.ApplicationConfiguration'],
} as const;

const authenticationSourceFilter = complexType(
  'authenticationSourceFilter',
  /** Client ids. One that no application has yet is accepted: it filters, it refers to nothing. */
  { includeApplications: collection(string(clientId)) },
  'https://learn.microsoft.com/graph/api/resources/authenticationsourcefilter?view=graph-rest-beta',
);

/** The events that can be listened to. There is always one. */
export const authenticationEventsPolicy = entity('authenticationEventsPolicy', {
  set: {
    path: 'identity/events',
    versions: ['beta'],
    methods: ['get'],
    singleton: 'authenticationEventsPolicy',
    aliases: ['policies/authenticationEventsPolicy'],
  },
  properties: {},
  permissions,
  source: 'https://learn.microsoft.com/graph/api/resources/authenticationeventspolicy?view=graph-rest-beta',
});

/** What happens when a sign-up starts, for some applications. Called `authenticationAction` at first (Graph contract e row 2). */
export const authenticationListener = entity('authenticationListener', {
  abstract: true,
  aliases: ['authenticationAction'],
  set: {
    path: 'identity/events/onSignupStart',
    versions: ['beta'],
    methods: ['list', 'get', 'create', 'update', 'put', 'delete'],
  },
  properties: {
    /** The lowest is evaluated first (Graph contract e row 74). */
    priority: int32({ required: true, indexed: true }),
    sourceFilter: complex(authenticationSourceFilter, { required: true }),
  },
  permissions,
  source: 'https://learn.microsoft.com/graph/api/resources/authenticationlistener?view=graph-rest-beta',
});

/** Runs a user flow for guests. */
export const invokeUserFlowListener = entity('invokeUserFlowListener', {
  base: authenticationListener,
  aliases: ['invokeUserFlowAction'],
  /** Graph contract e rows 1 to 8. */
  sole: { parameter: 'listenerId' },
  properties: {},
  navigations: {
    /** Not in the answer of a POST, unless its representation is asked for (Graph contract e row 72). */
    userFlow: references(() => b2xIdentityUserFlow, { many: false, versions: ['beta'], inline: 'representation' }),
  },
  source: 'https://learn.microsoft.com/graph/api/resources/invokeuserflowlistener?view=graph-rest-beta',
});
