import { entity } from '../entity.ts';
import { string } from '../property.ts';
import { userFlowPermissions } from './common.ts';

/** Bytes of one page's texts; B2C's limit is not published (b2c contract e.5, AADB2C90222). */
const maxBytes = 262_144;

/** The texts of one page in one language, as a JSON document at `…/$value` (Graph contract a.4). */
export const userFlowLanguagePage = entity('userFlowLanguagePage', {
  properties: {
    /** `LocalizedStrings` and `LocalizedCollections`, kept as they were sent. */
    content: string({ nullable: true, access: 'internal', maxLength: maxBytes }),
  },
  stream: { property: 'content', mediaType: 'application/json', maxBytes },
  permissions: userFlowPermissions,
  source: 'https://learn.microsoft.com/graph/api/resources/userflowlanguagepage',
});
