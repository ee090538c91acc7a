import type { Behaviour } from '../directory/index.ts';
import { assignmentRules } from './rules/assignment.ts';
import { b2cUserFlowRules } from './rules/b2c-user-flow.ts';
import { b2xUserFlowRules } from './rules/b2x-user-flow.ts';
import { languageRules } from './rules/language.ts';
import { userFlowRules } from './rules/user-flow.ts';

/** The rules of user flows and of what they collect, for the directory. */
export const flowBehaviours: readonly Behaviour[] = [
  userFlowRules,
  b2cUserFlowRules,
  b2xUserFlowRules,
  assignmentRules,
  languageRules,
];
