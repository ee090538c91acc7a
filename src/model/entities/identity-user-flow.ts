import { entity } from '../entity.ts';
import { collection, oneOf, single, string } from '../property.ts';
import { userFlowPermissions, userFlowType } from './common.ts';

/** What every kind of user flow has. Its `id` is sent bare and stored with the prefix of its kind. */
export const identityUserFlow = entity('identityUserFlow', {
  key: 'client',
  /** Flows of every kind (Graph contract b.3). */
  set: {
    path: 'identity/userFlows',
    versions: ['beta'],
    methods: ['list', 'get', 'create', 'delete'],
    kinds: [
      { idPrefix: 'B2C_1_', type: 'b2cIdentityUserFlow' },
      { idPrefix: 'B2X_1_', type: 'b2xIdentityUserFlow' },
    ],
  },
  properties: {
    userFlowType: oneOf(userFlowType, { access: 'create', required: true, indexed: true }),
    userFlowTypeVersion: single({ access: 'create', required: true }),
    /** Ids of assignments in the order of `setOrder`; one that is missing here comes after them. */
    assignmentOrder: collection(string(), { access: 'internal' }),
  },
  permissions: userFlowPermissions,
  source: 'https://learn.microsoft.com/graph/api/resources/identityuserflow',
});
