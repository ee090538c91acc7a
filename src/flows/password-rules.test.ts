import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complete, type EntityOf, entities } from '../model/index.ts';
import { passwordRulesOf } from './password-rules.ts';

const rulesOf = (passwordComplexityConfiguration: Readonly<Record<string, unknown>>) => {
  const type = entities.b2cIdentityUserFlow;
  const flow = complete(type, {
    userFlowType: 'passwordReset',
    userFlowTypeVersion: 3,
    passwordComplexityConfiguration,
  }) as EntityOf<typeof type>;
  return passwordRulesOf(flow.passwordComplexityConfiguration);
};

test('new passwords follow the rules of the flow, or else those of the tenant', () => {
  assert.equal(rulesOf({}), undefined);
  assert.equal(rulesOf({ complexityLevel: null }), undefined);
  assert.equal(rulesOf({ complexityLevel: 'simple' }), 'b2c-simple');
  assert.equal(rulesOf({ complexityLevel: 'strong' }), 'b2c-strong');
});

test('rules of its own count lengths and classes, or digits alone', () => {
  const custom = { minimumLength: 6, maximumLength: 20, minimumCharacterClassesRequired: 4 };
  const written = { minimum: 6, maximum: 20, classes: 4, digitsOnly: false, trimmed: true, refusesCommon: false };
  assert.deepEqual(rulesOf({ complexityLevel: 'custom', customConfiguration: custom }), written);
  const digits = { ...custom, restrictToNumbersOnly: true };
  const ofDigits = { ...written, classes: 0, digitsOnly: true };
  assert.deepEqual(rulesOf({ complexityLevel: 'custom', customConfiguration: digits }), ofDigits);
  assert.equal(rulesOf({ complexityLevel: 'simple', customConfiguration: digits }), 'b2c-simple');
});
