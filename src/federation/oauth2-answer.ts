/** Answers of OAuth 2.0 providers and of their APIs, in the shapes they really come in. */

export type Members = Readonly<Record<string, unknown>>;

/** `reason`: see `ForeignOutcome`. */
export interface Failed {
  readonly kind: 'failed';
  readonly reason: string;
}

export type Reading<Value> = { readonly kind: 'read'; readonly value: Value } | Failed;

export const failed = (reason: string): Failed => ({ kind: 'failed', reason });

/** A code may be told, words may not: a provider could repeat in them what was sent. */
export function told(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^[\w.:-]{1,64}$/.test(text) ? text : undefined;
}

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `callback( {…} );` of QQ, which once was read by scripts. */
const padded = /^callback\(\s*(\{[\s\S]*\})\s*\);?$/;

/** `undefined`: not UTF-8, or none of these. The content type is not asked: several providers send JSON as `text/plain` or `text/html`. */
export function parse(body: Buffer): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body).trim();
    const json = padded.exec(text)?.[1] ?? text;
    if (/^[[{]/.test(json)) return JSON.parse(json) as unknown;
    return /^\w+=[^<>\s]*$/.test(text) ? Object.fromEntries(new URLSearchParams(text)) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The code of what went wrong, `''` where it is not fit to be told; `undefined`: nothing did. RFC 6749 §5.2, and in its place an object (Facebook),
 * `errcode` (WeChat), `ret` (QQ). Some of these come with status 200, also GitHub's.
 */
export function errorIn(value: unknown): string | undefined {
  if (!isMembers(value)) return undefined;
  const { error, error_code: code, errcode, ret } = value;
  if (isMembers(error)) return told(error['type']) ?? told(error['code']) ?? '';
  if (error !== undefined && error !== null) return told(error) ?? told(code) ?? '';
  const number = [errcode, ret].find((one) => one !== undefined && Number(one) !== 0);
  return number === undefined ? undefined : (told(number) ?? '');
}
