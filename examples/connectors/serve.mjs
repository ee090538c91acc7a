/** The part that all four APIs share: HTTPS, a password, JSON in and JSON out. Node.js 20 or newer, nothing to install. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { parseArgs } from 'node:util';

/** Bytes; a request of a user flow is far smaller. */
const largest = 64 * 1024;

/** The three answers there are (https://learn.microsoft.com/azure/active-directory-b2c/add-api-connector). */
export const proceed = (claims = {}) => ({ status: 200, body: { version: '1.0.0', action: 'Continue', ...claims } });

export const block = (userMessage) => ({
  status: 200,
  body: { version: '1.0.0', action: 'ShowBlockPage', userMessage },
});

export const refuse = (userMessage) => ({
  status: 400,
  body: { version: '1.0.0', status: 400, action: 'ValidationError', userMessage },
});

/** A custom attribute by its name: requests carry `extension_{id of an application}_{name}`. */
export function custom(claims, name) {
  const found = Object.keys(claims).find((key) => new RegExp(`^extension_(?:[0-9a-f]{32}_)?${name}$`, 'i').test(key));
  return found === undefined ? undefined : claims[found];
}

const digest = (text) => createHash('sha256').update(text).digest();

function isAllowed(header, { user, password }) {
  const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return timingSafeEqual(digest(header ?? ''), digest(expected));
}

async function bodyOf(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > largest) throw new RangeError('the request is too large');
    chunks.push(chunk);
  }
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new TypeError('the request is no object');
  return body;
}

/** What every example understands; `more` are its own options. */
export function options(more = {}) {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '9001' },
      cert: { type: 'string', default: 'data/tls/server.pem' },
      key: { type: 'string', default: 'data/tls/server-key.pem' },
      user: { type: 'string', default: 'usher' },
      password: { type: 'string', default: 'usher-dev-webhook' },
      ...more,
    },
  });
  return values;
}

/** Answers `POST {path}` with what the handler of the path makes of the claims; on loopback only. */
export function serve(handlers, { port, cert, key, user, password }) {
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key), minVersion: 'TLSv1.2' });
  server.on('request', async (request, response) => {
    const send = (status, body) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const handler = handlers[new URL(request.url, 'https://localhost').pathname];
    if (!handler || request.method !== 'POST') return send(404, { error: 'there is nothing at this address' });
    if (!isAllowed(request.headers.authorization, { user, password })) return send(401, { error: 'wrong password' });
    try {
      const { status, body } = await handler(await bodyOf(request));
      send(status, body);
    } catch (error) {
      console.error(error.message);
      send(500, { error: 'the API failed: its terminal says why' });
    }
  });
  server.listen(Number(port), '127.0.0.1', () => {
    console.log(`listening on https://localhost:${server.address().port}`);
  });
}
