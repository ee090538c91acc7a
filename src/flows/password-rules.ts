import type { PasswordRules } from '../identity/index.ts';
import type { EntityOf, entities } from '../model/index.ts';

type Configuration = EntityOf<typeof entities.b2cIdentityUserFlow>['passwordComplexityConfiguration'];

/** What new passwords must satisfy in a flow (b2c contract j); undefined: what the tenant says. */
export function passwordRulesOf({ complexityLevel, customConfiguration }: Configuration): PasswordRules | undefined {
  switch (complexityLevel) {
    case null:
      return undefined;
    case 'simple':
      return 'b2c-simple';
    case 'strong':
      return 'b2c-strong';
    case 'custom':
      return customConfiguration ? demandsOf(customConfiguration) : undefined;
    default:
      return complexityLevel satisfies never;
  }
}

const demandsOf = ({
  minimumLength,
  maximumLength,
  minimumCharacterClassesRequired,
  restrictToNumbersOnly,
}: NonNullable<Configuration['customConfiguration']>): PasswordRules => ({
  minimum: minimumLength,
  maximum: maximumLength,
  // Digits are one class of four, so asking for more of them would let no password through.
  classes: restrictToNumbersOnly ? 0 : minimumCharacterClassesRequired,
  digitsOnly: restrictToNumbersOnly,
  trimmed: true,
  refusesCommon: false,
});
