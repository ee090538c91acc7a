import type { Part } from '../recipes/recipe.ts';

/** An address to recover accounts with that have only a number, if the flow asks for it (b2c contract d.3, step 7). */
export const recoveryEmailPart: Part = ({ flow, accounts, collection: { email } }) =>
  flow.settings.isRecoveryEmailPromptEnabled && accounts.includes('phone')
    ? [{ kind: 'recoveryEmail', settings: { email: { label: email.label } } }]
    : [];
