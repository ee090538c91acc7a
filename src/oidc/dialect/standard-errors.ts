import { defineFaults, type Fault } from '../../kernel/index.ts';

interface Row {
  readonly status: number;
  /** What the client sees in `error`. */
  readonly error: string;
  readonly message: string;
}

const row = (error: string, message: string, status = 400): Row => ({ status, error, message });

/** Refusals of the standards that Azure AD B2C lacks, so that it has no code for them. */
const rows = {
  notSwitchedOn: row('unauthorized_client', "The application with ID '{appId}' is not allowed to do this: {setting}."),
  /** RFC 6749 §5.2. */
  unproved: row('invalid_client', 'The client must prove who it is, with a client_secret or a client_assertion.', 401),
  basicMalformed: row(
    'invalid_request',
    'The Authorization header holds no client_id and client_secret (RFC 6749 §2.3.1).',
  ),
  twoClients: row('invalid_request', 'The Authorization header names another client than client_id.'),
  twoProofs: row('invalid_request', 'The client must prove who it is in one way, not in several (RFC 6749 §2.3).'),
  /** RFC 9126 §2.1, RFC 9101 §4. */
  requestUriUnknown: row(
    'invalid_request_uri',
    'The request_uri is not known, was used before, or is not of this client.',
  ),
  /** OpenID Connect Core §3.1.2.6. */
  requestNotSupported: row('request_not_supported', 'The request parameter is not supported.'),
  requestUriNotSupported: row('request_uri_not_supported', 'The request_uri is no name of a pushed request.'),
  pushRequired: row('invalid_request', 'This application must push its authorization requests (RFC 9126).'),
  /** RFC 7523 §3.2. */
  assertionRefused: row('invalid_client', 'The client assertion is not valid: {reason}.', 401),
  /** RFC 9449 §5. */
  proofRefused: row('invalid_dpop_proof', 'The DPoP proof is not valid: {reason}.'),
  wrongKey: row('invalid_grant', 'What was presented is bound to another key than the one proved.'),
  unbindable: row(
    'unsupported_response_type',
    'Tokens of this application are bound to a key, so that none can be sent through the browser.',
  ),
  /** FAPI 2.0 §5.3.2.1. */
  assertionRequired: row('invalid_client', 'This application must prove itself with a client_assertion.', 401),
  /** RFC 8628 §3.5. */
  authorizationPending: row('authorization_pending', 'Nobody has entered the code and signed in yet.'),
  slowDown: row('slow_down', 'Wait longer between two questions.'),
  deviceExpired: row('expired_token', 'The code was not entered in time. Ask for a new one.'),
  deviceDenied: row('access_denied', 'The person did not let the device in.'),
  /** Shown to a person. */
  foreignForm: row('invalid_request', 'The form was not sent from the page that asked for it. Go back and try again.'),
  /** RFC 7009 §2.2.1. */
  unrevocable: row(
    'unsupported_token_type',
    'Tokens that an application has for itself cannot be revoked; they end by themselves.',
  ),
} as const satisfies Record<string, Row>;

export const standardFaults = defineFaults('oidc', rows);

const isName = (name: string): name is keyof typeof rows => Object.hasOwn(rows, name);

/** The `error` of a fault of this table; undefined for all others. */
export function standardErrorOf({ code }: Fault): string | undefined {
  const name = code.replace(/^oidc\./, '');
  return isName(name) ? rows[name].error : undefined;
}
