import type { CollectedAttribute } from '../attributes/collected-attribute.ts';
import { askExtension, listening } from '../extensions/ask.ts';
import { filledIn, readStart } from '../extensions/attribute-answers.ts';
import { signUpInfo } from '../extensions/request.ts';
import { extensionWords, leftOff, troubleOutcome } from '../extensions/trouble.ts';
import type { Outcome, Step, StepContext } from '../step.ts';

export interface AttributeCollectionSettings {
  /** What the flow asks for. */
  readonly attributes: readonly CollectedAttribute[];
}

async function ask(context: StepContext, { attributes }: AttributeCollectionSettings): Promise<Outcome> {
  const subscription = await listening(context, 'attributeCollectionStart');
  if (!subscription) return { kind: 'next' };
  const { prefill = {} } = context.journey.facts;
  const came = await askExtension(context, subscription, {
    own: signUpInfo(context, attributes, prefill),
    read: (action) => readStart(action, attributes),
  });
  switch (came.kind) {
    case 'continue':
      return { kind: 'next' };
    case 'prefill':
      return { kind: 'next', learned: { prefill: filledIn({ ...prefill, ...came.values }) } };
    default:
      return troubleOutcome(context, came);
  }
}

/** Before the page with the attributes is shown, an API outside may fill it in or keep the person out (b2c contract f.4). */
export const attributeCollectionStart: Step<AttributeCollectionSettings> = {
  kind: 'attributeCollectionStart',
  words: extensionWords,
  explain: () => 'Asks an extension what to fill in before the page is shown, where one listens for the application',
  enter: ask,
  submit: async (context, settings, input) => leftOff(context, input) ?? ask(context, settings),
};
