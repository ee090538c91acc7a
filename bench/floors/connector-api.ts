/** An API that a flow calls, which lets everybody go on. Arguments: the server's certificate and key. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

const [cert = '', key = ''] = process.argv.slice(2);
const answer = JSON.stringify({ version: '1.0.0', action: 'Continue' });

const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (request, response) => {
  request.resume();
  request.once('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(answer));
});
process.once('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => {
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  process.send?.({ https: origin, http: '', ca: '' });
});
