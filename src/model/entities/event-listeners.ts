import { entity, type Navigation } from '../entity.ts';
import { type ComplexType, variant } from '../property.ts';
import { authenticationEventListener } from './authentication-event-listener.ts';
import { eventHandlers as events, handlerReferences as references } from './event-handlers.ts';

/** The listeners of a.8 in the Graph contract: one type an event, which differ by their handler. */

const listener = <const N extends string, const T extends readonly ComplexType[]>(
  name: N,
  [base, types]: readonly [ComplexType, T],
  out: Readonly<Record<string, Navigation>> = {},
) =>
  entity(name, {
    base: authenticationEventListener,
    properties: { handler: variant(base, types, { required: true }) },
    navigations: Object.fromEntries(
      Object.entries(out).map(([member, navigation]) => [`handler/${member}`, navigation]),
    ),
    source: `https://learn.microsoft.com/graph/api/resources/${name.toLowerCase()}`,
  });

export const onTokenIssuanceStartListener = listener(
  'onTokenIssuanceStartListener',
  events.onTokenIssuanceStart,
  references.onTokenIssuanceStart,
);

export const onInteractiveAuthFlowStartListener = listener(
  'onInteractiveAuthFlowStartListener',
  events.onInteractiveAuthFlowStart,
);

export const onAuthenticationMethodLoadStartListener = listener(
  'onAuthenticationMethodLoadStartListener',
  events.onAuthenticationMethodLoadStart,
  references.onAuthenticationMethodLoadStart,
);

export const onAttributeCollectionListener = listener(
  'onAttributeCollectionListener',
  events.onAttributeCollection,
  references.onAttributeCollection,
);

export const onAttributeCollectionStartListener = listener(
  'onAttributeCollectionStartListener',
  events.onAttributeCollectionStart,
  references.onAttributeCollectionStart,
);

export const onAttributeCollectionSubmitListener = listener(
  'onAttributeCollectionSubmitListener',
  events.onAttributeCollectionSubmit,
  references.onAttributeCollectionSubmit,
);

export const onUserCreateStartListener = listener('onUserCreateStartListener', events.onUserCreateStart);

/** Its handler is the one of every one-time code, whatever carries it. */
export const onEmailOtpSendListener = listener('onEmailOtpSendListener', events.onOtpSend, references.onOtpSend);

export const onPasswordSubmitListener = listener(
  'onPasswordSubmitListener',
  events.onPasswordSubmit,
  references.onPasswordSubmit,
);

export const onFraudProtectionLoadStartListener = listener(
  'onFraudProtectionLoadStartListener',
  events.onFraudProtectionLoadStart,
);

export const onVerifiedIdClaimValidationListener = listener(
  'onVerifiedIdClaimValidationListener',
  events.onVerifiedIdClaimValidation,
  references.onVerifiedIdClaimValidation,
);
