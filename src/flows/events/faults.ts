import { defineFaults } from '../../kernel/index.ts';

/** Of authentication events and the extensions they call. */
export const faults = defineFaults('flows', {
  badExtensionUrl: { status: 400, message: 'targetUrl is not valid: {reason}.' },
  tooManyExtensions: { status: 400, message: 'A tenant can have at most {maximum} custom authentication extensions.' },
  extensionInUse: {
    status: 409,
    message: "The custom authentication extension '{id}' cannot be deleted: '{user}' calls it.",
  },

  tooManyListeners: { status: 400, message: 'A tenant can have at most {maximum} listeners of this kind.' },
  tooManyEventsFlows: { status: 400, message: 'A tenant can have at most {maximum} authentication events flows.' },
  applicationTaken: {
    status: 409,
    message: "The application '{appId}' belongs to the authentication events flow '{flow}'. It can belong to one only.",
  },
  allApplications: {
    status: 400,
    message: 'includeAllApplications must be false for a listener of type onTokenIssuanceStartListener.',
  },
  unknownEventsFlow: { status: 400, message: "There is no authentication events flow '{id}'." },
  providerMissing: { status: 400, message: '{handler} must have at least one identity provider.' },
  lateHandler: {
    status: 400,
    message: '{handler} was not configured when the flow was created. Add an attribute to it first.',
  },
  fixedHandler: { status: 400, message: '{handler} cannot be removed. Leave the inputs of its page empty instead.' },
  unassignedInput: {
    status: 400,
    message: "The input '{attribute}' names no attribute of {handler}. Add the attribute first.",
  },
  repeatedInput: { status: 400, message: "The attribute '{attribute}' has more than one input." },
  badPattern: { status: 400, message: "validationRegEx of the input '{attribute}' is no regular expression." },
  repeatedOption: { status: 400, message: "The input '{attribute}' offers the value '{value}' more than once." },
});
