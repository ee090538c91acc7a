import { boolean, collection, complex, complexType, enumType, oneOf, string } from '../property.ts';

const page = (name: string): string => `https://learn.microsoft.com/graph/api/resources/${name.toLowerCase()}`;

/** `checkboxSingleSelect` stands on the published page and in no metadata. */
const authenticationAttributeCollectionInputType = enumType('authenticationAttributeCollectionInputType', {
  text: 1,
  radioSingleSelect: 2,
  checkboxMultiSelect: 3,
  boolean: 4,
  unknownFutureValue: 5,
  checkboxSingleSelect: 6,
});

const authenticationAttributeCollectionOptionConfiguration = complexType(
  'authenticationAttributeCollectionOptionConfiguration',
  {
    /** Shown. */
    label: string({ required: true, maxLength: 256 }),
    /** Stored. */
    value: string({ required: true, maxLength: 256 }),
  },
  page('authenticationAttributeCollectionOptionConfiguration'),
);

const authenticationAttributeCollectionInputConfiguration = complexType(
  'authenticationAttributeCollectionInputConfiguration',
  {
    /** Id of an attribute that the flow collects. */
    attribute: string({ required: true, maxLength: 128 }),
    label: string({ required: true, maxLength: 256 }),
    inputType: oneOf(authenticationAttributeCollectionInputType, { required: true }),
    defaultValue: string({ nullable: true, maxLength: 256 }),
    hidden: boolean({ nullable: true }),
    editable: boolean({ nullable: true }),
    writeToDirectory: boolean({ nullable: true }),
    required: boolean({ nullable: true }),
    validationRegEx: string({ nullable: true, maxLength: 1024 }),
    options: collection(complex(authenticationAttributeCollectionOptionConfiguration)),
  },
  page('authenticationAttributeCollectionInputConfiguration'),
);

const authenticationAttributeCollectionPageViewConfiguration = complexType(
  'authenticationAttributeCollectionPageViewConfiguration',
  {
    title: string({ nullable: true, maxLength: 256 }),
    description: string({ nullable: true, maxLength: 1024, text: 'lines' }),
    inputs: collection(complex(authenticationAttributeCollectionInputConfiguration)),
  },
  page('authenticationAttributeCollectionPageViewConfiguration'),
);

const authenticationAttributeCollectionPage = complexType(
  'authenticationAttributeCollectionPage',
  {
    customStringsFileId: string({ nullable: true, maxLength: 128 }),
    views: collection(complex(authenticationAttributeCollectionPageViewConfiguration)),
  },
  page('authenticationAttributeCollectionPage'),
);

/** What the page that collects attributes shows, view by view. */
export const attributeCollectionPage = complex(authenticationAttributeCollectionPage, { nullable: true });
