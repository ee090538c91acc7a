import type { Outside } from '../connectors/index.ts';
import type { Behaviour } from '../directory/index.ts';
import { apiConnectorRules } from './connectors/api-connector.ts';
import { trialRules } from './connectors/trials.ts';
import { eventListenerRules } from './events/event-listeners.ts';
import { eventsFlowRules, signUpEventsFlowRules } from './events/events-flow.ts';
import { extensionRules } from './events/extensions.ts';
import { signUpListenerRules } from './events/sign-up-listeners.ts';
import { assignmentRules } from './rules/assignment.ts';
import { b2cUserFlowRules } from './rules/b2c-user-flow.ts';
import { b2xUserFlowRules } from './rules/b2x-user-flow.ts';
import { applicationRules } from './rules/explain-application.ts';
import { inUseRules } from './rules/in-use.ts';
import { languageRules } from './rules/language.ts';
import { languagePageRules } from './rules/language-page.ts';
import { pageLayoutRules } from './rules/page-layout.ts';
import { userFlowRules } from './rules/user-flow.ts';
import type { Words } from './step.ts';

/**
 * The rules of user flows and of what is in them, for the directory. `words`: what pages say when nobody overrides it. `outside`: calls APIs that are
 * to be tried; absent where nobody is called.
 */
export const flowBehaviours = (words: Words, outside?: Outside): readonly Behaviour[] => [
  userFlowRules,
  b2cUserFlowRules,
  b2xUserFlowRules,
  assignmentRules,
  languageRules,
  apiConnectorRules,
  ...(outside ? trialRules(outside) : []),
  extensionRules,
  ...signUpListenerRules,
  eventsFlowRules,
  signUpEventsFlowRules,
  ...eventListenerRules,
  applicationRules,
  languagePageRules(words),
  pageLayoutRules,
  ...inUseRules,
];
