import { actionOn, entity, functionOn } from '../entity.ts';
import { boolean, collection, string } from '../property.ts';
import { userFlowPermissions } from './common.ts';

/** How one page of a user flow looks. Pages cannot be created or removed. */
export const userFlowPageLayout = entity('userFlowPageLayout', {
  properties: {
    displayName: string({ nullable: true, access: 'server', maxLength: 256 }),
    /** The page is made from the template at `pageUri`. */
    isCustomPageUri: boolean({ access: 'server', default: false }),
    /** Where the HTML around the page is fetched from; null for the server's own. `{Culture:RFC5646}` in it is the language. */
    pageUri: string({ nullable: true, maxLength: 2048 }),
    /** Of the page's markup, one of `availableVersions`. */
    version: string({ maxLength: 16, pattern: /^\d{1,3}\.\d{1,3}\.\d{1,3}$/ }),
  },
  operations: {
    availableVersions: functionOn('entity', { returns: collection(string()), versions: ['beta'] }),
    restoreDefaultPageUri: actionOn('entity', { versions: ['beta'] }),
  },
  permissions: userFlowPermissions,
  // Drafted for Graph in 2022, never published there.
  source: 'https://github.com/microsoftgraph/microsoft-graph-docs/pull/17529',
});
