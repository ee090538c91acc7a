import { defineFaults, type FaultSpec } from '../kernel/index.ts';

/** A fault of this room also names the `error.code` clients branch on (Graph contract d.6). */
interface GraphFaultSpec extends FaultSpec {
  readonly wire: string;
}

const table = {
  badUrl: { status: 400, wire: 'BadRequest', message: 'The request URL is not valid: {reason}.' },
  /** Observed at Microsoft's service for whatever stands where the version belongs. */
  invalidVersion: { status: 400, wire: 'BadRequest', message: 'Invalid version. Use v1.0 or beta.' },
  urlTooLong: { status: 414, wire: 'UriTooLong', message: 'The request URL is longer than {limit} characters.' },
  unknownSegment: { status: 400, wire: 'BadRequest', message: "Resource not found for the segment '{segment}'." },
  methodNotAllowed: {
    status: 405,
    wire: 'Request_BadRequest',
    message: 'Specified HTTP method is not allowed for the request target.',
  },
  denied: {
    status: 403,
    wire: 'Authorization_RequestDenied',
    message: 'Insufficient privileges to complete the operation.',
  },
  /** The identity collections answer in the words of their own back end. */
  identityDenied: {
    status: 403,
    wire: 'AADB2C',
    message:
      'The application does not have any of the required {kind} permissions ({permissions}) to access the resource.',
  },
  badHeader: { status: 400, wire: 'BadRequest', message: "The header '{header}' is not valid: {reason}." },
  notAcceptable: {
    status: 406,
    wire: 'NotAcceptable',
    message: 'The formats named in the Accept header are not supported; application/json is.',
  },
  preconditionFailed: {
    status: 412,
    wire: 'PreconditionFailed',
    message: 'The precondition of the request does not hold for the resource as it is.',
  },
  throttled: { status: 429, wire: 'TooManyRequests', message: 'Please retry again later.' },
  badOption: { status: 400, wire: 'BadRequest', message: "The query option '{option}' is not valid: {reason}." },
  unknownOption: { status: 400, wire: 'BadRequest', message: "The query option '{option}' is not recognized." },
  repeatedOption: {
    status: 400,
    wire: 'BadRequest',
    message: "The query option '{option}' was sent more than once.",
  },
  unsupportedOption: {
    status: 400,
    wire: 'Request_UnsupportedQuery',
    message: "The query option '{option}' is not supported here.",
  },
  tooMuchBeside: {
    status: 400,
    wire: 'Request_UnsupportedQuery',
    message: "The query option '$expand' shows more than one answer can hold. Expand less, or fewer with '$top' in it.",
  },
  unknownProperty: {
    status: 400,
    wire: 'BadRequest',
    message: "Could not find a property named '{property}' on type 'microsoft.graph.{type}'.",
  },
  badFilter: {
    status: 400,
    wire: 'BadRequest',
    message: 'Invalid filter clause: {reason} at position {position}.',
  },
  unsupportedFilter: {
    status: 400,
    wire: 'Request_UnsupportedQuery',
    message: "Unsupported or invalid query filter clause specified for property '{property}' of resource '{type}'.",
  },
  unsupportedOrder: {
    status: 400,
    wire: 'Request_UnsupportedQuery',
    message: "Sorting is not supported for property '{property}' of resource '{type}'.",
  },
  /** The service's own words, https://learn.microsoft.com/graph/aad-advanced-queries#error-handling-for-advanced-queries-on-directory-objects */
  notIndexed: {
    status: 400,
    wire: 'Request_UnsupportedQuery',
    message: 'The request uses a filter property that is not indexed',
  },
  advancedOnly: { status: 400, wire: 'Request_UnsupportedQuery', message: 'Unsupported Query.' },
  searchNotAdvanced: {
    status: 400,
    wire: 'Request_UnsupportedQuery',
    message:
      "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
  },
  countNotAdvanced: { status: 400, wire: 'Request_BadRequest', message: '$count is not currently supported.' },
  badPageSize: {
    status: 400,
    wire: 'Request_UnsupportedQuery',
    message: "Invalid page size specified: '{size}'. Must be between 1 and {limit} inclusive.",
  },
  badPageToken: { status: 400, wire: 'BadRequest', message: 'The page token is not valid for this request.' },
  /** https://learn.microsoft.com/graph/delta-query-overview#synchronization-reset */
  syncStateNotFound: {
    status: 410,
    wire: 'syncStateNotFound',
    message: 'The changes since then are no longer known. Begin anew at the address in the Location header.',
  },
  notFound: {
    status: 404,
    wire: 'Request_ResourceNotFound',
    message: "Resource '{id}' does not exist or one of its queried reference-property objects are not present.",
  },
  emptyBody: { status: 400, wire: 'BadRequest', message: 'Empty Payload. JSON content expected.' },
  badBody: { status: 400, wire: 'Request_BadRequest', message: 'The request body is not valid: {reason}.' },
  invalidProperty: { status: 400, wire: 'Request_BadRequest', message: "Invalid property '{property}'" },
  badValue: {
    status: 400,
    wire: 'Request_BadRequest',
    message: "Invalid value specified for property '{property}': {reason}.",
  },
  typeRequired: {
    status: 400,
    wire: 'Request_BadRequest',
    message: "The body must name one of these types in '@odata.type': {types}.",
  },
  unservedKind: {
    status: 400,
    wire: 'Request_BadRequest',
    message: "An object whose id begins with '{prefix}' cannot be created here; '{served}' is what this server has.",
  },
  badReference: {
    status: 400,
    wire: 'Request_BadRequest',
    message: "The reference in '@odata.id' is not valid: {reason}.",
  },
  notSole: {
    status: 400,
    wire: 'BadRequest',
    message:
      "This address stands for the only '{type}', and there are {count}. Name one with '?{parameter}=' or by its own address: {canonical}.",
  },
  itemExists: {
    status: 409,
    wire: 'Conflict',
    message: 'Another object with the same value for property {property} already exists.',
  },
  badStream: { status: 400, wire: 'Request_BadRequest', message: 'The content is not valid: {reason}.' },
  badBatch: { status: 400, wire: 'BadRequest', message: 'Invalid batch payload format. {reason}.' },
  repeatedId: { status: 400, wire: 'BadRequest', message: 'Request Id {id} has to be unique in a batch.' },
  bodyless: {
    status: 400,
    wire: 'BadRequest',
    message: 'Write request id : {id} does not contain Content-Type header or body.',
  },
  badDependency: {
    status: 400,
    wire: 'BadRequest',
    message: "Invalid dependency for request Id {id}: 'dependsOn' must name other requests of the batch, in no circle.",
  },
  nestedBatch: { status: 400, wire: 'BadRequest', message: 'A batch cannot hold another batch.' },
  failedDependency: {
    status: 424,
    wire: 'FailedDependency',
    message: 'Request {id}, on which this one depends, failed.',
  },
  batchAnswerTooLarge: {
    status: 413,
    wire: 'RequestEntityTooLarge',
    message: 'The answers of the batch are too large together. Send this request alone, or ask for smaller pages.',
  },
} as const satisfies Readonly<Record<string, GraphFaultSpec>>;

export const faults = defineFaults('graph', table);

/** Fault code -> `error.code`, for the faults of this room. */
export const wireCodes: ReadonlyMap<string, string> = new Map(
  Object.entries(table).map(([name, { wire }]) => [`graph.${name}`, wire]),
);
