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
}
