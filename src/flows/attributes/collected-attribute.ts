import type { Text } from '../screen.ts';

export type DataType = 'string' | 'boolean' | 'int64' | 'stringCollection' | 'dateTime';

export type InputType =
  | 'textBox'
  | 'emailBox'
  | 'dateTimeDropdown'
  | 'radioSingleSelect'
  | 'dropdownSingleSelect'
  | 'checkboxMultiSelect';

export interface Choice {
  /** Stored. */
  readonly value: string;
  readonly label: Text;
  readonly isDefault: boolean;
}

/** One attribute that a flow asks for, as a plan carries it: plain data. */
export interface CollectedAttribute {
  /** Attribute id, e.g. `givenName` or `extension_{appId}_Shoesize`; the key of `Facts.attributes`. */
  readonly id: string;
  /** Name of the form field: the claim id, which has no application id in it (b2c contract h.2). */
  readonly claim: string;
  readonly label: Text;
  readonly required: boolean;
  readonly inputType: InputType;
  readonly dataType: DataType;
  /** Characters. */
  readonly maxLength: number;
  /** Empty for inputs that are typed. */
  readonly choices: readonly Choice[];
  /** Stands in the field before anybody has filled it in. */
  readonly preset?: string;
  /** Not on the page: what is known already is kept. */
  readonly isHidden?: true;
  /** What is known already cannot be changed on the page. */
  readonly isFixed?: true;
  /** Regular expression of the administrator that a value has to match. */
  readonly pattern?: string;
  /** Asked for, told to APIs, and not kept with the account. */
  readonly isUnwritten?: true;
}
