import type { Directory } from '../../directory/index.ts';
import { system } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import { contoso } from './default-seed.ts';

const earlier = /^https:\/\/(localhost|127\.0\.0\.1|\[::1\]):?\d*\/try\/$/;

/**
 * Lets the seeded single-page application return to `/try/` of this server. The port may differ from start to start, so
 * that of an earlier one is replaced. Writes nothing when it stands there already.
 */
export async function allowTryPage(directory: Directory, origin: string): Promise<void> {
  const { items } = await directory.find({
    type: entities.application,
    filter: { op: 'eq', path: ['appId'], value: contoso.spa },
    limit: 1,
  });
  const [found] = items;
  const page = `${origin}/try/`;
  if (!found || found.entity.spa.redirectUris.includes(page)) return;
  const redirectUris = [...found.entity.spa.redirectUris.filter((uri) => !earlier.test(uri)), page];
  await directory.update(
    system('seed'),
    { type: entities.application, id: found.entity.id },
    { spa: { redirectUris } },
  );
}
