import { contains, entity } from '../entity.ts';
import { boolean, string } from '../property.ts';
import { userFlowPermissions } from './common.ts';
import { userFlowLanguagePage } from './user-flow-language-page.ts';

/** A language of a user flow. Its `id` is its tag (RFC 5646). */
export const userFlowLanguageConfiguration = entity('userFlowLanguageConfiguration', {
  key: 'client',
  properties: {
    isEnabled: boolean({ default: true, indexed: true }),
    /** The native name of a built-in language, the English one of a language of the tenant's own. */
    displayName: string({ nullable: true, access: 'server', maxLength: 256 }),
  },
  navigations: {
    defaultPages: contains(() => userFlowLanguagePage, { methods: ['list', 'get'] }),
    /** Pages cannot be created or removed; `put` replaces the texts of one. */
    overridesPages: contains(() => userFlowLanguagePage, { methods: ['list', 'get', 'put'] }),
  },
  permissions: userFlowPermissions,
  source: 'https://learn.microsoft.com/graph/api/resources/userflowlanguageconfiguration',
});
