import { connectorErrors } from '../../flows/index.ts';
import { defineFaults, type Fault } from '../../kernel/index.ts';

/** Error values of RFC 6749 §4.1.2.1 and §5.2 and OpenID Connect Core §3.1.2.6. */
export type OauthError =
  | 'access_denied'
  | 'interaction_required'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_request'
  | 'invalid_scope'
  | 'login_required'
  | 'server_error'
  | 'temporarily_unavailable'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_response_type';

interface Row {
  readonly status: number;
  /** What the application sees in `error`; the code stands in `error_description`. */
  readonly error: OauthError;
  /** `{0}`, `{1}` … are positional, as in the published table. */
  readonly message: string;
}

const row = (error: OauthError, message: string, status = 400): Row => ({ status, error, message });

/** Codes and texts of b2c contract b.6; which of them redirect and which render a page is decided where they are thrown. */
export const rows = {
  AADB2C90004: row('invalid_request', 'The request does not contain a redirect URI.'),
  AADB2C90005: row(
    'invalid_request',
    "The redirect URI '{0}' has an invalid format. Specify an absolute URI such as 'https://example.com/return'.",
  ),
  AADB2C90006: row(
    'invalid_request',
    "The redirect URI '{0}' provided in the request is not registered for the client ID '{1}'.",
  ),
  AADB2C90007: row(
    'invalid_request',
    "The application associated with client ID '{0}' has no registered redirect URIs.",
  ),
  AADB2C90008: row('invalid_request', 'The request does not contain a client ID parameter.'),
  AADB2C90009: row(
    'invalid_request',
    "The request does not contain a nonce. A nonce is required when using the '{0}' algorithm.",
  ),
  AADB2C90010: row('invalid_request', 'The request does not contain a scope parameter.'),
  AADB2C90013: row(
    'unsupported_response_type',
    "The requested response type '{0}' provided in the request is not supported.",
  ),
  AADB2C90014: row('invalid_request', "The requested response mode '{0}' provided in the request is not supported."),
  AADB2C90018: row(
    'unauthorized_client',
    "The client ID '{0}' specified in the request is not registered in tenant '{1}'.",
  ),
  AADB2C90035: row(
    'temporarily_unavailable',
    'The service is temporarily unavailable. Please retry after a few minutes.',
    503,
  ),
  AADB2C90037: row(
    'server_error',
    'An error occurred while processing the request. Please contact administrator of the site you are trying to access.',
  ),
  AADB2C90043: row(
    'invalid_request',
    "The prompt included in the request contains invalid values. Expected 'none', 'login', 'consent' or 'select_account'.",
  ),
  AADB2C90046: row(
    'invalid_request',
    'We are having trouble loading your current state. You might want to try starting your session over from the beginning.',
  ),
  AADB2C90051: row('invalid_request', 'No suitable claims providers were found.'),
  AADB2C90055: row(
    'invalid_scope',
    "The scope '{0}' provided in request must specify a resource, such as 'https://example.com/calendar.read'.",
  ),
  AADB2C90057: row(
    'unauthorized_client',
    'The provided application is not configured to allow the OAuth Implicit flow.',
  ),
  AADB2C90058: row('unauthorized_client', 'The provided application is not configured to allow public clients.'),
  AADB2C90066: row('invalid_request', "Invalid policy '{0}' was specified in the request.", 404),
  AADB2C90067: row(
    'invalid_request',
    "The post logout redirect URI '{0}' has an invalid format. Specify an https based URL such as 'https://example.com/return' or for native clients use the IETF native client URI 'urn:ietf:wg:oauth:2.0:oob'.",
  ),
  AADB2C90077: row(
    'interaction_required',
    "User does not have an existing session and request prompt parameter has a value of '{0}'.",
  ),
  AADB2C90079: row('invalid_request', 'Clients must send a client_secret when redeeming a confidential grant.'),
  AADB2C90080: row(
    'invalid_grant',
    'The provided grant has expired. Please re-authenticate and try again. Current time: {0}, Grant issued time: {1}, Grant {2} time: {3}',
  ),
  AADB2C90081: row(
    'invalid_client',
    'The specified client_secret does not match the expected value for this client. Please correct the client_secret and try again.',
    401,
  ),
  AADB2C90083: row('invalid_request', 'The request is missing required parameter: {0}.'),
  AADB2C90084: row(
    'invalid_request',
    'Public clients should not send a client_secret when redeeming a publicly acquired grant.',
  ),
  AADB2C90085: row(
    'server_error',
    'The service has encountered an internal error. Please reauthenticate and try again.',
    500,
  ),
  AADB2C90086: row('unsupported_grant_type', 'The supplied grant_type [{0}] is not supported.'),
  AADB2C90088: row(
    'invalid_grant',
    'The provided grant has not been issued for this endpoint. Actual Value : {0} and Expected Value : {1}',
  ),
  AADB2C90090: row('invalid_grant', '{0}.'),
  AADB2C90091: row('access_denied', 'The user has cancelled entering self-asserted information.'),
  AADB2C90092: row(
    'unauthorized_client',
    "The provided application with ID '{0}' is disabled for the tenant '{1}'. Please enable the application and try again.",
  ),
  AADB2C90107: row(
    'invalid_scope',
    "The application with ID '{0}' cannot get an ID token either because the openid scope was not provided in the request or the application is not authorized for it.",
  ),
  AADB2C90110: row(
    'invalid_request',
    "The scope parameter must include 'openid' when requesting a response_type that includes 'id_token'.",
  ),
  AADB2C90111: row(
    'access_denied',
    'Your account has been locked. Contact your support person to unlock it, then try again.',
  ),
  AADB2C90112: row('invalid_request', "The specified language '{0}' is invalid or unsupported."),
  AADB2C90114: row('access_denied', 'Your account is temporarily locked to prevent unauthorized use. Try again later.'),
  AADB2C90115: row(
    'invalid_scope',
    "When requesting the 'code' response_type, the scope parameter must include a resource or client ID for access tokens, and 'openid' for ID tokens. Additionally include 'offline_access' for refresh tokens.",
  ),
  AADB2C90117: row('invalid_scope', "The scope '{0}' provided in the request is not supported."),
  AADB2C90118: row('access_denied', 'The user has forgotten their password.'),
  AADB2C90120: row(
    'invalid_request',
    "The max age parameter '{0}' specified in the request is invalid. Max age must be an integer between '{1}' and '{2}' inclusive.",
  ),
  AADB2C90121: row(
    'interaction_required',
    "The user session exceeds the specified maximum age and request prompt parameter has a value of 'None'.",
  ),
  AADB2C90122: row(
    'invalid_request',
    "Input for '{0}' received in the request has failed HTTP request validation. Ensure that the input does not contain characters such as < or &.",
  ),
  AADB2C90128: row(
    'invalid_grant',
    'The account associated with this grant no longer exists. Please reauthenticate and try again.',
  ),
  AADB2C90129: row('invalid_grant', 'The provided grant has been revoked. Please reauthenticate and try again.'),
  AADB2C90145: row(
    'access_denied',
    'No unverified phone numbers have been found and policy does not allow a user entered number.',
  ),
  AADB2C90146: row(
    'invalid_scope',
    "The scope '{0}' provided in request specifies more than one resource for an access token, which is not supported.",
  ),
  AADB2C90151: row('access_denied', 'User has exceeded the maximum number for retries for multifactor authentication.'),
  AADB2C90157: row('access_denied', 'User has exceeded the maximum number for retries for a self-asserted step.'),
  AADB2C90182: row('invalid_grant', 'The supplied code_verifier does not match associated code_challenge'),
  AADB2C90183: row('invalid_grant', 'The supplied code_verifier is invalid'),
  AADB2C90184: row(
    'invalid_request',
    'The supplied code_challenge_method is not supported. Supported values are plain or S256',
  ),
  AADB2C90205: row(
    'invalid_scope',
    'This application does not have sufficient permissions against this web resource to perform the operation.',
  ),
  AADB2C90210: row(
    'invalid_request',
    'The provided id_token_hint parameter could not be validated. Please provide another token and try again.',
  ),
  AADB2C90224: row('unauthorized_client', 'Resource owner flow has not been enabled for the application.'),
  AADB2C90225: row('access_denied', 'The username or password provided in the request are invalid.'),
  AADB2C90226: row('invalid_request', 'The specified token exchange is only supported over HTTP POST.'),
  AADB2C90244: row(
    'temporarily_unavailable',
    'There are too many requests at this moment. Please wait for some time and try again.',
    429,
  ),
  AADB2C90272: row(
    'invalid_request',
    'The id_token_hint parameter has not been specified in the request. Please provide token and try again.',
  ),
  AADB2C90027: row('server_error', connectorErrors.AADB2C90027),
  AADB2C90028: row('server_error', connectorErrors.AADB2C90028),
  AADB2C90075: row('server_error', connectorErrors.AADB2C90075),
  AADB2C90162: row('server_error', connectorErrors.AADB2C90162),
  AADB2C90261: row('server_error', connectorErrors.AADB2C90261),
  AADB2C90273: row('access_denied', "An invalid response was received : '{0}'"),
  AADB2C90279: row('invalid_grant', "The provided client ID '{0}' does not match the client ID that issued the grant."),
  AADB2C90287: row('invalid_grant', "The request contains invalid redirect URI '{0}'."),
  AADB2C99002: row(
    'access_denied',
    "This user does not exist and profile '{0}' requires the user to have already been created.",
  ),
  AADB2C99005: row(
    'invalid_scope',
    "The request contains an invalid scope parameter which includes an illegal character '{0}'.",
  ),
  AADB2C99013: row(
    'unsupported_grant_type',
    'The supplied grant_type [{0}] and token_type [{1}] combination is not supported.',
  ),
  AADB2C99059: row(
    'invalid_request',
    'The supplied request must present a code_challenge. Required for single-page apps using the authorization code flow.',
  ),
  /** No code of B2C, which does not publish the JSON that it sends when a flow keeps a minor out. */
  AADB2C99900: row('access_denied', '{"blocked":"minor"}'),
  /** The directory's own, of the tenant's own authority (`directory-words.ts` says which stand for which). */
  AADSTS16000: row('interaction_required', 'The user who is expected is not the one who is signed in.'),
  AADSTS28000: row(
    'invalid_scope',
    "The provided value for the input parameter 'scope' is not valid because it contains more than one resource. Scope {0} is not valid.",
  ),
  AADSTS50000: row('server_error', 'There is an issue with the sign-in service.', 500),
  AADSTS50011: row(
    'invalid_request',
    "The redirect URI '{0}' specified in the request does not match the redirect URIs configured for the application.",
  ),
  AADSTS50020: row(
    'access_denied',
    'The user account does not exist in this tenant and cannot access the application.',
  ),
  AADSTS50034: row('invalid_grant', 'The user account does not exist in this directory any more.'),
  AADSTS50053: row(
    'access_denied',
    'The account is locked, because somebody tried to sign in too many times with an incorrect user ID or password.',
  ),
  AADSTS50055: row('invalid_grant', 'The password is expired.'),
  AADSTS50057: row('access_denied', 'The user account is disabled.'),
  AADSTS50058: row('login_required', 'A silent sign-in request was sent but no user is signed in.'),
  AADSTS50076: row('interaction_required', 'The user has to do more before they can be signed in.'),
  AADSTS50079: row('access_denied', 'Multifactor authentication is required, and the user is not enrolled for it.'),
  AADSTS50126: row('access_denied', 'Error validating credentials due to invalid username or password.'),
  AADSTS50173: row(
    'invalid_grant',
    'The provided grant has expired due to it being revoked, a fresh auth token is needed.',
  ),
  AADSTS65004: row('access_denied', 'User declined to consent to access the app.'),
  AADSTS70000: row('invalid_grant', 'The provided grant is invalid or was issued to another client or endpoint.'),
  AADSTS70003: row('unsupported_grant_type', "The app requested an unsupported grant type '{0}'."),
  AADSTS70005: row('unsupported_response_type', "The response type '{0}' is not enabled for the app."),
  AADSTS70007: row('invalid_request', "The response mode '{0}' is not supported for the request."),
  AADSTS70008: row(
    'invalid_grant',
    'The provided authorization code or refresh token has expired. Send a new interactive authorization request for this user and resource.',
  ),
  AADSTS70011: row(
    'invalid_scope',
    "The provided value for the input parameter 'scope' is not valid. The scope {0} is not valid.",
  ),
  AADSTS70044: row('login_required', 'The session is older than the request allows.'),
  AADSTS90007: row(
    'invalid_request',
    'Bad request. The sign-in is not known any more. Start again from the application.',
  ),
  AADSTS90023: row('invalid_request', "The authentication service request is not valid: unsupported 'prompt' value."),
  AADSTS90033: row('temporarily_unavailable', 'The service is temporarily unavailable. Please try again.', 503),
  AADSTS90055: row(
    'temporarily_unavailable',
    'There are too many incoming requests to the directory. Wait, then try again.',
    429,
  ),
  AADSTS90102: row('invalid_request', "The value '{0}' must be a valid absolute URI."),
  AADSTS90123: row('access_denied', 'The token cannot be issued because the identity provider denied the request.'),
  AADSTS500112: row(
    'invalid_grant',
    "The reply address '{0}' does not match the reply address provided when requesting the authorization code.",
  ),
  AADSTS500113: row('invalid_request', 'No reply address is registered for the application.'),
  AADSTS500121: row('access_denied', 'Authentication failed during strong authentication request.'),
  AADSTS501481: row(
    'invalid_grant',
    'The code_verifier does not match the code_challenge supplied in the authorization request.',
  ),
  AADSTS501491: row('invalid_request', 'The code_challenge_method is not supported. Use S256.'),
  AADSTS650057: row(
    'invalid_scope',
    'Invalid resource. The client has requested access to a resource which is not listed in the requested permissions in the client’s application registration.',
  ),
  AADSTS700025: row(
    'invalid_client',
    "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
    401,
  ),
  AADSTS700016: row('unauthorized_client', "Application with identifier '{0}' was not found in the directory '{1}'."),
  AADSTS7000215: row(
    'invalid_client',
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{0}'.",
    401,
  ),
  AADSTS7000218: row(
    'invalid_client',
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    401,
  ),
  AADSTS7000112: row('unauthorized_client', "Application '{0}' is disabled."),
  AADSTS900561: row('invalid_request', 'The endpoint only accepts POST requests.'),
  AADSTS900971: row('invalid_request', 'No reply address provided.'),
  AADSTS9002313: row('invalid_request', 'Invalid request. The request is malformed or invalid.'),
  AADSTS9002325: row('invalid_request', 'Proof Key for Code Exchange is required for this client.'),
  AADSTS900144: row('invalid_request', "The request body must contain the following parameter: '{0}'."),
  AADSTS90002: row('invalid_request', "Tenant '{0}' not found. Check to make sure you have the correct tenant ID."),
} as const satisfies Record<string, Row>;

export type ErrorCode = keyof typeof rows;

const raise = defineFaults('oidc', rows);

/** The fault for a row of the table; `values` fill `{0}`, `{1}` … in its text. */
export function refusal(code: ErrorCode, ...values: readonly string[]): Fault {
  return raise[code](Object.fromEntries(values.map((value, index) => [String(index), value])));
}

const isCode = (text: string): text is ErrorCode => Object.hasOwn(rows, text);

/** The row a fault was made from; undefined for the faults of other rooms. */
export function codeOf(fault: Fault): ErrorCode | undefined {
  const code = fault.code.replace(/^oidc\./, '');
  return isCode(code) ? code : undefined;
}

/** Of another room, and not the client's doing: it goes on to the log. */
export const isDefect = (fault: Fault): boolean => codeOf(fault) === undefined && fault.status >= 500;
