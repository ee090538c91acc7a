/** What it costs to send what is there already. Arguments: its file and its media type. */
import { readFileSync } from 'node:fs';
import { newFastify } from './fastify.ts';
import { serving } from './serving.ts';

const [file = '', type = ''] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');

await serving(async () => {
  const app = await newFastify();
  app.get('/document', async (_, reply) => reply.type(type).send(text));
  await app.ready();
  return app.routing;
});
