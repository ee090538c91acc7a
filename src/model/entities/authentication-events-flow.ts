import { entity } from '../entity.ts';
import { collection, complex, complexType, guid, int32, string, variant } from '../property.ts';
import { conditions, eventPermissions } from './authentication-conditions.ts';
import { eventHandlers as events, handlerReferences as references } from './event-handlers.ts';

/** An application of an events flow, where the store can see that no other flow has it. */
const flowApplication = complexType('usher.flowApplication', { appId: guid() });

/** What happens on the way through a sign-up and sign-in, for the applications it is bound to. */
export const authenticationEventsFlow = entity('authenticationEventsFlow', {
  abstract: true,
  open: true,
  set: { path: 'identity/authenticationEventsFlows', typedPatch: true },
  properties: {
    displayName: string({ required: true, maxLength: 256, unique: true }),
    description: string({ nullable: true, maxLength: 1024, text: 'lines' }),
    conditions,
    /** The highest counts (Graph contract e row 74). */
    priority: int32({ default: 500, indexed: true }),
    /** Those of `conditions`: an application belongs to one flow at most (Graph contract c.7). */
    applications: collection(complex(flowApplication), { access: 'internal', uniqueTuple: ['appId'] }),
  },
  permissions: eventPermissions,
  source: 'https://learn.microsoft.com/graph/api/resources/authenticationeventsflow',
});

const nullable = { nullable: true } as const;

/** The user flow of an external tenant. Its handlers are what it does; null is what the server does by itself. */
export const externalUsersSelfServiceSignUpEventsFlow = entity('externalUsersSelfServiceSignUpEventsFlow', {
  base: authenticationEventsFlow,
  properties: {
    onInteractiveAuthFlowStart: variant(...events.onInteractiveAuthFlowStart, nullable),
    onAuthenticationMethodLoadStart: variant(...events.onAuthenticationMethodLoadStart, nullable),
    onAttributeCollection: variant(...events.onAttributeCollection, nullable),
    onAttributeCollectionStart: variant(...events.onAttributeCollectionStart, nullable),
    onAttributeCollectionSubmit: variant(...events.onAttributeCollectionSubmit, nullable),
    onUserCreateStart: variant(...events.onUserCreateStart, nullable),
  },
  navigations: {
    'onAuthenticationMethodLoadStart/identityProviders': references.onAuthenticationMethodLoadStart.identityProviders,
    'onAttributeCollection/attributes': references.onAttributeCollection.attributes,
    'onAttributeCollectionStart/customExtension': references.onAttributeCollectionStart.customExtension,
    'onAttributeCollectionSubmit/customExtension': references.onAttributeCollectionSubmit.customExtension,
  },
  source: 'https://learn.microsoft.com/graph/api/resources/externalusersselfservicesignupeventsflow',
});
