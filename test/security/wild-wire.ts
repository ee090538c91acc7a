import fc from 'fast-check';
import { seeded } from '../support/usher.ts';

const flow = `/${seeded.tenant}/${seeded.flow}`;

/** Every kind of address that the server answers. */
const paths: readonly string[] = [
  '/',
  '/v1.0/users',
  '/beta/identity/b2cUserFlows',
  '/v1.0/$metadata',
  '/v1.0/$batch',
  `${flow}/oauth2/v2.0/authorize?client_id=${seeded.spa}&response_type=code&scope=openid`,
  `${flow}/oauth2/v2.0/token`,
  `${flow}/oauth2/v2.0/logout`,
  `${flow}/oauth2/v2.0/par`,
  `${flow}/oauth2/v2.0/devicecode`,
  `${flow}/oauth2/v2.0/deviceauth`,
  `${flow}/oauth2/v2.0/introspect`,
  `${flow}/oauth2/v2.0/revoke`,
  `${flow}/v2.0/.well-known/openid-configuration`,
  `${flow}/discovery/v2.0/keys`,
  `${flow}/openid/v2.0/userinfo`,
  `/tfp${flow}/oauth2/v2.0/token`,
  `/${seeded.tenantId}/oauth2/v2.0/token`,
  `/${seeded.tenant}/oauth2/authresp?state=x&code=y`,
  `/journey/${seeded.tenantId}/c0ffee00-0000-4000-8000-000000000000`,
  '/assets/page.css',
];

/** What parsers of addresses disagree about. */
const pathTricks: readonly ((path: string) => string)[] = [
  (path) => path,
  (path) => path,
  (path) => `${path}%`,
  (path) => `${path}%zz`,
  (path) => `${path}%00`,
  (path) => `${path}\u0000`,
  (path) => path.replace('/', '//'),
  (path) => path.replace('/', '/./'),
  (path) => path.replace('/', '/%2e%2e/'),
  (path) => path.replace('/', '/\\'),
  (path) => `${path}?a=%ff&a=%fe`,
  (path) => `${path}?${'a=1&'.repeat(2_000)}`,
  (path) => `${path}/${'x'.repeat(9_000)}`,
  (path) => `${path}%ed%a0%80`,
  (path) => `${path}#fragment`,
  (path) => `https://usher.invalid${path}`,
  (path) => `http://localhost${path}`,
  () => 'localhost:443',
  (path) => path.slice(1),
  () => '*',
  () => '',
];

const methods = [
  'GET',
  'POST',
  'HEAD',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'get',
  'PROPFIND',
  'PRI',
  'GE T',
  'G\u0000T',
  'A'.repeat(300),
  'QUERY',
];

const versions = [
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.0',
  'HTTP/0.9',
  'HTTP/2.0',
  'HTTP/9.9',
  'http/1.1',
  'HTTP/1.1 ',
  '',
];

/** Fields that decide where a request ends, and others that are believed somewhere. */
const fields: readonly string[] = [
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding: identity',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding:\tchunked',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: cow',
  'Content-Length: 0',
  'Content-Length: 5',
  'Content-Length: +5',
  'Content-Length: 0x5',
  'Content-Length: -1',
  'Content-Length: 5, 5',
  'Content-Length: 5\r\nContent-Length: 6',
  'Content-Length: 99999999999999999999',
  'Expect: 100-continue',
  'Expect: something',
  'Upgrade: websocket\r\nConnection: Upgrade',
  'Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nConnection: Upgrade, HTTP2-Settings',
  'Content-Type: application/x-www-form-urlencoded',
  'Content-Type: application/json',
  'Content-Type: multipart/form-data; boundary=x',
  'Content-Type: application/x-www-form-urlencoded; charset=utf-7',
  'Content-Encoding: gzip',
  'Authorization: Bearer x\r\nAuthorization: Bearer y',
  'Authorization: Basic %%%',
  'Authorization: DPoP x\r\nDPoP: y\r\nDPoP: z',
  'Cookie: x-ms-cpim-trans=a; x-ms-cpim-trans=b; =; ;;; \u00ff',
  `Cookie: ${'a=b; '.repeat(1_500)}`,
  'Host: evil.example',
  'X-HTTP-Method-Override: DELETE',
  'Origin: null',
  'Accept-Language: \u00ff\u00fe, *;q=9',
  'Range: bytes=0-0,-1',
  'If-None-Match: *',
  ' folded: line',
  'no colon',
  ': no name',
  'bad name: x',
  'a: \u0000',
  `x: ${'y'.repeat(17_000)}`,
  'Connection: close',
  'Connection: keep-alive, content-length',
];

const bodies: readonly string[] = [
  '',
  '',
  'a=b&a=c&client_id=%zz&grant_type=authorization_code&grant_type=refresh_token',
  'grant_type=refresh_token&refresh_token=%00&client_id=x',
  '{"a":1,"a":{"__proto__":{"x":1}}}',
  `${'['.repeat(9_000)}`,
  '5\r\nhello\r\n0\r\n\r\n',
  '0\r\n\r\n',
  'ffffffffffffffff\r\nx',
  '-1\r\nx\r\n0\r\n\r\n',
  '5;ext="\u0000"\r\nhello\r\n0\r\nTrailer: x\r\n\r\n',
  '5\nhello\n0\n\n',
  '\u0000\u0001\u00ff\u00fe',
  'GET /v1.0/users HTTP/1.1\r\nHost: localhost\r\n\r\n',
  '0\r\n\r\nGET /v1.0/users HTTP/1.1\r\nHost: localhost\r\n\r\n',
];

export interface Wire {
  readonly method: string;
  readonly bytes: Buffer;
}

/** A request as bytes. Most of it is right, so that what is wrong comes further than the first check. */
export const wire = (host: string): fc.Arbitrary<Wire> =>
  fc
    .record({
      method: fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom('GET', 'POST') },
        { weight: 2, arbitrary: fc.constantFrom(...methods) },
      ),
      path: fc.constantFrom(...paths),
      trick: fc.constantFrom(...pathTricks),
      version: fc.constantFrom(...versions),
      given: fc.subarray([...fields], { maxLength: 3 }),
      body: fc.constantFrom(...bodies),
      hosts: fc.constantFrom(1, 1, 1, 1, 0, 2),
      break: fc.constantFrom('\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r'),
      noise: fc.option(fc.tuple(fc.nat({ max: 400 }), fc.nat({ max: 255 })), { freq: 5 }),
    })
    .map(({ method, path, trick, version, given, body, hosts, break: newline, noise }) => {
      const lines = [`${method} ${trick(path)} ${version}`, ...Array.from({ length: hosts }, () => `Host: ${host}`)];
      const bytes = Buffer.from([...lines, ...given, '', body].join(newline), 'latin1');
      if (noise) bytes[noise[0] % bytes.length] = noise[1];
      return { method, bytes };
    });
