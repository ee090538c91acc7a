import type { EntityOf, entities } from '../model/index.ts';

export type User = EntityOf<typeof entities.user>;
