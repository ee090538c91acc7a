import type { Behaviour } from '../directory/index.ts';
import { assignmentRules } from './rules/assignment.ts';
import { b2cUserFlowRules, userFlowRules } from './rules/user-flow.ts';

/** The rules of user flows and of what they collect, for the directory. */
export const flowBehaviours: readonly Behaviour[] = [userFlowRules, b2cUserFlowRules, assignmentRules];
