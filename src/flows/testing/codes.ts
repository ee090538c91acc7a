import type { CodeRules } from '../proof/code-rules.ts';

/** What a flow has that says nothing about them (`userFlowSettings.oneTimeCodes`; product.md choice 9). */
export const b2cCodes: CodeRules = {
  digits: 6,
  lifetimeSeconds: 600,
  triesPerCode: 5,
  resendSeconds: 30,
  codesPerJourney: 10,
};
