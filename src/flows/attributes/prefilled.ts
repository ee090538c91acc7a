import type { CollectedAttribute } from './collected-attribute.ts';
import { presented } from './present.ts';
import { type AttributeValue, readAttribute } from './read.ts';

/** What a provider or an API told, in the fields it fits, by claim; what does not fit is left for the person to fill in. */
export const prefilled = (
  attributes: readonly CollectedAttribute[],
  values: Readonly<Record<string, AttributeValue>> = {},
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    attributes.flatMap((attribute) => {
      const value = presented(attribute, values[attribute.id]);
      const fits = value !== '' && readAttribute(attribute, value).kind === 'read';
      return fits ? [[attribute.claim, value] as const] : [];
    }),
  );
