/** What it costs to send a page that is there already. Arguments: its file. */
import { readFileSync } from 'node:fs';
import fastify from 'fastify';
import { serving } from './serving.ts';

const html = readFileSync(process.argv[2] ?? '', 'utf8');

await serving(async () => {
  const app = fastify();
  app.get('/page', async (_, reply) => reply.type('text/html; charset=utf-8').send(html));
  await app.ready();
  return app.routing;
});
