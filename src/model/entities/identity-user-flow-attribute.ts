import { entity } from '../entity.ts';
import { enumType, oneOf, string } from '../property.ts';
import { userFlowPermissions } from './common.ts';

const identityUserFlowAttributeDataType = enumType('identityUserFlowAttributeDataType', {
  string: 1,
  boolean: 2,
  int64: 3,
  stringCollection: 4,
  dateTime: 5,
  unknownFutureValue: 6,
});

const identityUserFlowAttributeType = enumType('identityUserFlowAttributeType', {
  builtIn: 1,
  custom: 2,
  required: 3,
  unknownFutureValue: 4,
});

/** Something a user flow can collect about a person. The built-in ones are the catalogue of Graph contract c.4. */
export const identityUserFlowAttribute = entity('identityUserFlowAttribute', {
  set: {
    path: 'identity/userFlowAttributes',
    kinds: [{ idPrefix: 'extension_', type: 'identityCustomUserFlowAttribute' }],
  },
  properties: {
    displayName: string({ access: 'create', required: true, maxLength: 256, indexed: true }),
    description: string({ nullable: true, maxLength: 1024, text: 'lines' }),
    userFlowAttributeType: oneOf(identityUserFlowAttributeType, { access: 'server', default: 'custom', indexed: true }),
    dataType: oneOf(identityUserFlowAttributeDataType, { access: 'create', required: true, indexed: true }),
  },
  permissions: userFlowPermissions,
  source: 'https://learn.microsoft.com/graph/api/resources/identityuserflowattribute',
});

/** One of the catalogue. */
export const identityBuiltInUserFlowAttribute = entity('identityBuiltInUserFlowAttribute', {
  base: identityUserFlowAttribute,
  properties: {},
  // As the published pages write it where an assignment is expanded (Graph contract e row 40).
  aliases: ['builtInUserFlowAttribute'],
  source: 'https://learn.microsoft.com/graph/api/resources/identitybuiltinuserflowattribute',
});

/** One of the tenant's own: what a POST creates. */
export const identityCustomUserFlowAttribute = entity('identityCustomUserFlowAttribute', {
  base: identityUserFlowAttribute,
  properties: {},
  aliases: ['customUserFlowAttribute'],
  source: 'https://learn.microsoft.com/graph/api/resources/identitycustomuserflowattribute',
});
