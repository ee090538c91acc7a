import { defineFaults } from '../kernel/index.ts';

export const faults = defineFaults('flows', {
  unknownFlow: { status: 404, message: "There is no user flow '{id}'." },
  notRunnable: {
    status: 501,
    message: "The user flow '{id}' {reason}, which this version of Usher stores but cannot run yet.",
  },
  noPages: {
    status: 501,
    message:
      "The user flow '{id}' is of type resourceOwner and has no pages: applications exchange name and password at its token endpoint.",
  },
  /** B2C's text for AADB2C90051 (b2c contract b.6). */
  noProvider: { status: 400, message: 'No suitable claims providers were found.' },
  journeyLost: { status: 410, message: 'This sign-in has expired. Start again from the application.' },
  busy: { status: 503, message: 'This sign-in is still working on what was sent before. Try again in a few seconds.' },
  inputTooLarge: {
    status: 413,
    message: 'A form may have at most {fields} fields of at most {bytes} bytes each.',
  },
  unproved: { status: 500, message: 'The step {step} was reached without the proof it needs.' },
  unknownStep: { status: 500, message: "The plan names a step '{step}' that does not exist." },

  badFlowId: {
    status: 400,
    message: "The id '{id}' is not valid: a user flow name has 1 to {maximum} letters, digits and underscores.",
  },
  otherPrefix: {
    status: 400,
    message: "The id '{id}' is not valid: '{prefix}' begins the ids of another kind of user flow.",
  },
  tooManyFlows: { status: 400, message: 'A tenant can have at most {maximum} user flows.' },
  guestFlowType: {
    status: 400,
    message: "There is a problem with the service. A b2xIdentityUserFlow has the userFlowType 'signUpOrSignIn'.",
  },
  badSetting: { status: 400, message: "The value of property '{setting}' is not valid: {reason}." },
  badFlowVersion: {
    status: 400,
    message:
      'There is a problem with the service. userFlowTypeVersion {version} cannot be created for {userFlowType}; use {allowed}.',
  },
  badLanguageTag: { status: 400, message: "'{tag}' is not the tag of a language (RFC 5646)." },
  languageNotEnabled: { status: 400, message: "The language '{tag}' is not enabled in this user flow." },
  defaultLanguage: {
    status: 400,
    message: "'{tag}' is the default language of this user flow: choose another one first.",
  },
  customizationOff: {
    status: 400,
    message: "The user flow '{flow}' does not customize languages: set isLanguageCustomizationEnabled to true first.",
  },
  builtInLanguagesOnly: {
    status: 400,
    message: "The languages of '{flow}' are the built-in ones, and all are enabled.",
  },
  builtInLanguage: { status: 400, message: "The language '{tag}' is built in: it cannot be deleted." },
  defaultPage: { status: 400, message: 'The default pages of a language cannot be changed: use overridesPages.' },
  unknownPage: { status: 400, message: "This user flow has no page '{page}'." },
  badLanguageDocument: { status: 400, message: 'The uploaded JSON has an error at {place}: {reason}.' },
  nothingOverridden: {
    status: 400,
    message:
      'The language resource you are uploading overrides nothing: set Override to true in what is to be applied.',
  },
  badPageUri: {
    status: 400,
    message:
      "The value of property 'pageUri' must be an https URL without user name and fragment. What is filled in behind its host: {allowed}.",
  },
  badPageVersion: { status: 400, message: "The page '{page}' has no version '{version}'. Use one of: {allowed}." },
  connectorInUse: { status: 409, message: "The API connector '{id}' is called by the user flow '{user}'." },
  tooManyLanguages: { status: 400, message: 'A user flow can have at most {maximum} languages of its own.' },

  attributeMissing: {
    status: 400,
    message: "Property 'userAttribute' is required: it names the attribute to collect.",
  },
  attributeInUse: { status: 400, message: "The attribute '{id}' is used by '{user}'." },
  unknownAttribute: { status: 400, message: "There is no user flow attribute '{id}'." },
  tooManyAssignments: { status: 400, message: 'A user flow can collect at most {maximum} attributes.' },
  badOrder: {
    status: 400,
    message: 'The order must name each attribute that the user flow collects, each of them once.',
  },
  badInputType: {
    status: 400,
    message: "userInputType '{userInputType}' cannot collect an attribute of type {dataType}. Use one of: {allowed}.",
  },
  badValues: { status: 400, message: 'userAttributeValues is not valid: {reason}.' },
});
