import { createHash } from 'node:crypto';
import { type Html, html, jsonReply, printHtml, type Reply, retryAfterOf } from '../../http/index.ts';
import { type EpochSeconds, type Fault, supportTime } from '../../kernel/index.ts';
import { type Dialect, spoken } from './directory-words.ts';
import { codeOf, type ErrorCode, refusal, rows } from './errors.ts';
import { standardErrorOf } from './standard-errors.ts';

export type ResponseMode = 'query' | 'fragment' | 'form_post';

/** Where and how an authorization request is answered. */
export interface Target {
  readonly redirectUri: string;
  readonly mode: ResponseMode;
  readonly state?: string;
}

export type Members = Readonly<Record<string, string | number | undefined>>;

/** What an error is stamped with, so that support can find it in the log. */
export interface Stamp {
  readonly correlationId: string;
  readonly now: EpochSeconds;
  readonly dialect: Dialect;
}

/** A piece of HTML, so that no quote of it is escaped: the policy of the page names its digest. */
const submit = html`document.getElementById('auto').submit()`;
const submitHash = createHash('sha256').update(printHtml(submit)).digest('base64');

/** No `set-cookie` at all rather than an empty one. */
export const withCookies = (cookies: readonly string[]): NonNullable<Reply['headers']> =>
  cookies.length === 0 ? {} : { 'set-cookie': cookies };

/** The reply with cookies beside those it sets already. */
export function withMoreCookies(reply: Reply, cookies: readonly string[]): Reply {
  if (cookies.length === 0) return reply;
  const all = [...[reply.headers?.['set-cookie'] ?? []].flat(), ...cookies];
  return { ...reply, headers: { ...reply.headers, 'set-cookie': all } };
}

/** A page that posts itself to the application (OAuth 2.0 Form Post Response Mode; b2c contract b.3). */
const formPost = (redirectUri: string, fields: readonly (readonly [string, string])[]): Html =>
  html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Continue</title></head><body>
<form id="auto" method="post" action="${redirectUri}">
${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<noscript><button type="submit">Continue</button></noscript></form>
<script>${submit}</script></body></html>
`;

const unkept = { 'cache-control': 'no-store', pragma: 'no-cache', 'referrer-policy': 'no-referrer' } as const;

/** Sends the members to the application by 302, or by a self-submitting page. Members without a value are left out. */
export function respond({ redirectUri, mode, state }: Target, members: Members, headers: Reply['headers'] = {}): Reply {
  const all: Members = { ...members, state };
  const fields = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  if (mode === 'form_post') {
    const policy = `default-src 'none'; script-src 'sha256-${submitHash}'; base-uri 'none'`;
    const page = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy };
    return { status: 200, headers: { ...headers, ...unkept, ...page }, body: printHtml(formPost(redirectUri, fields)) };
  }
  const text = new URLSearchParams(Object.fromEntries(fields)).toString();
  const mark = mode === 'fragment' ? '#' : redirectUri.includes('?') ? '&' : '?';
  return { status: 302, headers: { ...headers, ...unkept, location: `${redirectUri}${mark}${text}` } };
}

/** One code for each, whichever room has no room at the moment, or has counted too much. */
const commonCodes: ReadonlyMap<number, ErrorCode> = new Map([
  [503, 'AADB2C90035'],
  [429, 'AADB2C90244'],
]);

function textOf(failure: Fault, dialect: Dialect): string {
  const code = codeOf(failure);
  if (code !== undefined) return `${code}: ${failure.message}`;
  const common = commonCodes.get(failure.status);
  if (common === undefined) return failure.message;
  const spokenCode = codeOf(spoken(refusal(common), dialect)) ?? common;
  return `${spokenCode}: ${rows[spokenCode].message}`;
}

/** `AADB2C90118: text`, then correlation id and time on lines of their own (b2c contract b.6; applications search it). */
function describe(failure: Fault, { correlationId, now, dialect }: Stamp): string {
  const text = textOf(failure, dialect);
  return `${text}\r\nCorrelation ID: ${correlationId}\r\nTimestamp: ${supportTime(now)}\r\n`;
}

/** Of faults of other rooms: the names of RFC 6749 §4.1.2.1. */
const oauthErrorOf = (fault: Fault): string => {
  const code = codeOf(fault);
  if (code !== undefined) return rows[code].error;
  const standard = standardErrorOf(fault);
  if (standard !== undefined) return standard;
  const common = commonCodes.get(fault.status);
  if (common !== undefined) return rows[common].error;
  return fault.status >= 500 ? 'server_error' : 'invalid_request';
};

/** `error` and `error_description`. */
export function errorMembers(
  raised: Fault,
  stamp: Stamp,
): { readonly error: string; readonly error_description: string } {
  const failure = spoken(raised, stamp.dialect);
  return { error: oauthErrorOf(failure), error_description: describe(failure, stamp) };
}

/** The numbers Microsoft's own clients read beside the error (clients/REQUIREMENTS.md §2). */
function directoryDetails(fault: Fault, stamp: Stamp): object {
  const number = /^AADSTS(\d+)$/.exec(codeOf(fault) ?? '')?.[1];
  if (number === undefined) return {};
  return {
    error_codes: [Number(number)],
    timestamp: supportTime(stamp.now),
    trace_id: stamp.correlationId,
    correlation_id: stamp.correlationId,
  };
}

/**
 * A refusal of the token endpoint (RFC 6749 §5.2). Never 429 or 5xx on an ordinary day: clients stop asking, for as long as they are
 * told or for a minute (clients/REQUIREMENTS.md §0.17).
 */
export function tokenError(raised: Fault, stamp: Stamp, headers: Reply['headers'] = {}): Reply {
  const failure = spoken(raised, stamp.dialect);
  const body = {
    ...errorMembers(failure, stamp),
    ...directoryDetails(failure, stamp),
  };
  const challenge = failure.status === 401 ? { 'www-authenticate': 'Basic realm="token"' } : {};
  return jsonReply(failure.status, body, { ...unkept, ...challenge, ...retryAfterOf(failure), ...headers });
}
