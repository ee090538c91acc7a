import { type Reply, retryAfterOf } from '../http/index.ts';
import { type Clock, Fault, type FaultData, isoDateTime } from '../kernel/index.ts';
import { jsonType, usualFormat } from './accept.ts';
import { wireCodes } from './faults.ts';

/** What a refusal tells besides its reason. */
export interface ErrorContext {
  readonly clock: Clock;
  readonly requestId: string;
  readonly correlationId: string;
  /** The request was for an identity collection, which conflicts with 409 where the directory says 400. */
  readonly identity: boolean;
  /** What was asked for. */
  readonly url: URL;
}

/** A failure as it goes over the wire. */
interface Problem {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details?: readonly { readonly code: string; readonly target: string; readonly message: string }[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Faults of other rooms that have a code of their own (Graph contract d.6). */
const foreignCodes: Readonly<Record<string, string>> = {
  'directory.tooLarge': 'Directory_ResourceSizeExceeded',
  'identity.identifierUriTaken': 'Request_MultipleObjectsWithSameKeyValue',
  'store.badCursor': 'BadRequest',
  'store.tooWide': 'Request_UnsupportedQuery',
  'http.malformedJson': 'BadRequest',
  'http.malformed': 'BadRequest',
};

const codeByStatus: Readonly<Record<number, string>> = {
  401: 'InvalidAuthenticationToken',
  403: 'Authorization_RequestDenied',
  404: 'Request_ResourceNotFound',
  409: 'Conflict',
  412: 'PreconditionFailed',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  429: 'TooManyRequests',
  503: 'serviceNotAvailable',
};

/** True when the caller may be told nothing but that it failed; such an error belongs into the log. */
export const isInternal = (error: unknown): boolean =>
  !(error instanceof Fault) || (error.status >= 500 && error.status !== 503);

/** The envelope every failure is answered with, whichever room it comes from. */
export function errorReply(error: unknown, context: ErrorContext): Reply {
  const { status, code, message, details, headers } = problemOf(error, context);
  const innerError = {
    ...(status === 429 ? { code: '429', message: 'Please retry after', status: '429' } : {}),
    // Without a time zone, as the service writes it.
    date: isoDateTime(context.clock.now()).replace(/Z$/, ''),
    'request-id': context.requestId,
    'client-request-id': context.correlationId,
  };
  return {
    status,
    headers: { 'content-type': jsonType(usualFormat), ...headers },
    body: JSON.stringify({ error: { code, message, ...(details ? { details } : {}), innerError } }),
  };
}

function problemOf(error: unknown, context: ErrorContext): Problem {
  if (isInternal(error) || !(error instanceof Fault)) {
    return { status: 500, code: 'generalException', message: 'An internal error occurred. Try again later.' };
  }
  if (taken.has(error.code)) return conflict(error, context.identity);
  const { status } = error;
  if (isBadFlowType(error)) return { status, ...badFlowType, ...detailsOf(error, error.message) };
  const message = messageOf(error);
  const code = wireCodes.get(error.code) ?? foreignCodes[error.code] ?? codeByStatus[status] ?? 'Request_BadRequest';
  return { status, code, message, ...detailsOf(error, message), ...headersOf(error, context) };
}

/** Observed for a kind of user flow that the service does not know (Graph contract d.6); which it knows is in our details. */
const badFlowType = { code: 'AADB2C90063', message: "The 'identityUserFlow' field is invalid in request" } as const;

const isBadFlowType = ({ code, data }: Fault): boolean =>
  code === 'model.invalidValue' && data['target'] === 'userFlowType';

/** Somebody else has the value already. */
const taken: ReadonlySet<string> = new Set(['store.exists', 'graph.itemExists']);

/** The directory answers 400 for a taken value, the identity collections 409 with the property as target. */
function conflict({ data }: Fault, identity: boolean): Problem {
  const target = String(data['property'] ?? 'id');
  const message = `Another object with the same value for property ${target} already exists.`;
  if (identity)
    return { status: 409, code: 'Conflict', message, details: [{ code: 'PropertyConflict', target, message }] };
  const code = target === 'identifierUris' ? 'Request_MultipleObjectsWithSameKeyValue' : 'Request_BadRequest';
  return { status: 400, code, message };
}

/** Graph's own words where clients are known to read them. */
const messageOf = ({ code, data, message }: Fault): string =>
  code === 'model.unknownProperty' ? `Invalid property '${String(data['name'])}'` : message;

/** What Graph's own words leave out: which names there are. */
const detailOf = (code: string, data: FaultData, message: string): string =>
  code === 'model.unknownProperty' ? `'${String(data['name'])}' must be ${String(data['expected'])}.` : message;

/** Faults of this room that concern a member of the body; the others concern the address, the query or the headers. */
const ofBody: ReadonlySet<string> = new Set(['graph.badValue', 'graph.invalidProperty']);

/** Which member of the body was refused, when the room that refused it says so. */
function detailsOf({ code, data, status }: Fault, message: string): Pick<Problem, 'details'> {
  const [room, name = ''] = code.split('.');
  const target = data['target'] ?? data['property'];
  if (typeof target !== 'string' || target === '' || (room === 'graph' && !ofBody.has(code))) return {};
  return {
    details: [{ code: status === 409 ? 'PropertyConflict' : name, target, message: detailOf(code, data, message) }],
  };
}

function headersOf({ status, data }: Fault, { url }: ErrorContext): Pick<Problem, 'headers'> {
  switch (status) {
    case 401:
      return { headers: { 'www-authenticate': `Bearer realm="", resource="${url.origin}", error="invalid_token"` } };
    case 405:
      return { headers: { allow: String(data['allow'] ?? '') } };
    case 410:
      return { headers: { location: `${url.origin}${url.pathname}?${String(data['query'] ?? '')}` } };
    case 429:
    case 503:
      return { headers: retryAfterOf({ status, data }) };
    default:
      return {};
  }
}
