import { defineFaults } from '../kernel/index.ts';

/** What went wrong with the page that an administrator wrote has B2C's words, without its code (b2c contract b.6). */
export const faults = defineFaults('pages', {
  foreignForm: { status: 403, message: 'This form was not sent from the page that was shown to you.' },
  methodNotAllowed: { status: 405, message: 'This address can be shown (GET) and answered (POST), nothing else.' },
  readOnly: { status: 405, message: 'This address can be read (GET), nothing else.' },
  invitationOver: {
    status: 410,
    message: 'This link belongs to no invitation that can be accepted.',
  },
  callbackMethod: {
    status: 405,
    message: 'Identity providers send people back to this address with GET or POST, nothing else.',
  },
  templateNotFound: { status: 502, message: "The CORS resource '{uri}' returned a 404 not found." },
  templateFailed: {
    status: 502,
    message: "The server hosting resource '{uri}' has returned an internal server error.",
  },
  templateRefused: { status: 502, message: 'An unknown exception has occurred while requesting a CORS resource.' },
  templateForbidden: {
    status: 502,
    message: "A B2C client-side error 'Access is denied.' has occurred requesting the remote resource.",
  },
  templateTimedOut: {
    status: 504,
    message: "The client initializer timed out attempting to load the CORS resource '{uri}'.",
  },
  templateUnreachable: {
    status: 502,
    message: "The client initializer encountered network error attempting to load the CORS resource '{uri}'.",
  },
  templateMalformed: {
    status: 502,
    message: "The resource '{uri}' contains errors preventing it from being parsed.",
  },
  templateUnclean: { status: 502, message: 'An error has occurred sanitizing the CORS resource.' },
});

/** True for what kept a screen from being shown. */
export const isUnshown = (code: string): boolean => code.startsWith('pages.template');

/** Texts of a page that say to people what a fault means, by the code of the fault; others are told by their status. */
export const faultWords: Readonly<Record<string, { readonly heading: string; readonly help: string }>> = {
  'pages.invitationOver': { heading: 'selfasserted.redeem_heading', help: 'selfasserted.redeem_over' },
};

/** Codes of B2C by the code of our fault, for the error page. */
export const supportCodes: Readonly<Record<string, string>> = {
  'limits.tooMany': 'AADB2C90244',
  /** The cookie of a transaction is gone. */
  'flows.journeyLost': 'AADB2C90046',
  'flows.noProvider': 'AADB2C90051',
  'flows.unknownFlow': 'AADB2C90066',
  'pages.templateNotFound': 'AADB2C90002',
  'pages.templateRefused': 'AADB2C90003',
  'pages.templateMalformed': 'AADB2C90059',
  'pages.templateTimedOut': 'AADB2C90060',
  'pages.templateFailed': 'AADB2C90064',
  'pages.templateForbidden': 'AADB2C90065',
  'pages.templateUnreachable': 'AADB2C90177',
  'pages.templateUnclean': 'AADB2C90223',
};
