import type { Reply } from '../http/index.ts';

/** The headers that say something about one item and not about the whole, in the spelling that clients look for. */
const told: Readonly<Record<string, string>> = {
  'content-type': 'Content-Type',
  'odata-version': 'OData-Version',
  location: 'Location',
  'odata-entityid': 'OData-EntityId',
  etag: 'ETag',
  'preference-applied': 'Preference-Applied',
  'retry-after': 'Retry-After',
  allow: 'Allow',
  deprecation: 'Deprecation',
};

/** What the page about batches shows with every item. */
const always = { 'Cache-Control': 'no-cache', 'OData-Version': '4.0' } as const;

/** One member of `responses`, as JSON text: bodies that are JSON already are not read again. */
export function itemText(id: string, { status, headers = {}, body }: Reply): string {
  const named = Object.entries(headers).flatMap(([name, value]) => (told[name] ? [[told[name], String(value)]] : []));
  const members = [
    `"id":${JSON.stringify(id)}`,
    `"status":${status}`,
    `"headers":${JSON.stringify({ ...always, ...Object.fromEntries(named) })}`,
  ];
  if (body !== undefined && body.length > 0)
    members.push(`"body":${bodyText(body, String(headers['content-type'] ?? ''))}`);
  return `{${members.join(',')}}`;
}

/** JSON as itself, texts as texts, everything else as base64url (Graph contract d.8, OData JSON 4.01 §19.2). */
function bodyText(body: string | Buffer, contentType: string): string {
  if (/^application\/json\b/i.test(contentType)) {
    const text = body.toString();
    // What we printed ourselves is JSON; a stream that somebody stored as JSON has to prove it.
    if (/;odata\.metadata=/i.test(contentType) || isJson(text)) return text;
  }
  if (/^text\//i.test(contentType)) return JSON.stringify(body.toString());
  return JSON.stringify(Buffer.from(body).toString('base64url'));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
