import { actionOn, entity, functionOn, references } from '../entity.ts';
import { boolean, collection, complex, complexType, enumType, oneOf, string } from '../property.ts';
import { userFlowPermissions } from './common.ts';
import { identityUserFlowAttribute } from './identity-user-flow-attribute.ts';

const identityUserFlowAttributeInputType = enumType(
  'identityUserFlowAttributeInputType',
  {
    textBox: 1,
    dateTimeDropdown: 2,
    radioSingleSelect: 3,
    dropdownSingleSelect: 4,
    emailBox: 5,
    checkboxMultiSelect: 6,
  },
  [],
);

const userAttributeValuesItem = complexType(
  'userAttributeValuesItem',
  {
    /** Shown. */
    name: string({ nullable: true, maxLength: 256 }),
    /** Stored. */
    value: string({ nullable: true, maxLength: 256 }),
    isDefault: boolean({ default: false }),
  },
  'https://learn.microsoft.com/graph/api/resources/userattributevaluesitem',
);

/** Ids of the assignments of a flow, the first to be asked for first. */
const assignmentOrder = complexType(
  'assignmentOrder',
  { order: collection(string({ maxLength: 128 }), { required: true }) },
  'https://learn.microsoft.com/graph/api/resources/assignmentorder',
);

/** That a user flow collects an attribute, and how. Its `id` is the id of the attribute (Graph contract c.1). */
export const identityUserFlowAttributeAssignment = entity('identityUserFlowAttributeAssignment', {
  properties: {
    displayName: string({ nullable: true, maxLength: 256 }),
    isOptional: boolean({ required: true }),
    requiresVerification: boolean({ required: true }),
    userInputType: oneOf(identityUserFlowAttributeInputType, { required: true }),
    userAttributeValues: collection(complex(userAttributeValuesItem)),
  },
  navigations: {
    /** For good: the assignment is named after it. */
    userAttribute: references(() => identityUserFlowAttribute, { many: false, methods: ['list'] }),
  },
  operations: {
    getOrder: functionOn('collection', { returns: complex(assignmentOrder) }),
    setOrder: actionOn('collection', {
      parameters: { newAssignmentOrder: complex(assignmentOrder, { required: true }) },
    }),
  },
  permissions: userFlowPermissions,
  source: 'https://learn.microsoft.com/graph/api/resources/identityuserflowattributeassignment',
});
