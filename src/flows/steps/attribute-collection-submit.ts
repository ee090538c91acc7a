import type { CollectedAttribute } from '../attributes/collected-attribute.ts';
import { quoted } from '../callouts/trouble-page.ts';
import { askExtension, listening } from '../extensions/ask.ts';
import { type Complaint, filledIn, readSubmit } from '../extensions/attribute-answers.ts';
import { signUpInfo } from '../extensions/request.ts';
import { complaintOutcome, extensionWords, leftOff, troubleOutcome } from '../extensions/trouble.ts';
import type { Facts } from '../facts.ts';
import type { Message } from '../screen.ts';
import type { Outcome, Step, StepContext } from '../step.ts';
import type { AttributeCollectionSettings } from './attribute-collection-start.ts';

/** The message of the answer first, then what is wrong with each field, by the name it has on the page. */
function messagesOf({ message, errors }: Complaint, attributes: readonly CollectedAttribute[]): readonly Message[] {
  const ofFields = attributes.flatMap(({ id }) => errors[id] ?? []);
  return [...(message === undefined ? [] : [message]), ...ofFields].map(quoted);
}

const accepted: Facts = { isAccepted: true };

async function ask(context: StepContext, { attributes }: AttributeCollectionSettings): Promise<Outcome> {
  const subscription = await listening(context, 'attributeCollectionSubmit');
  if (!subscription) return { kind: 'next', learned: accepted };
  const { attributes: values = {} } = context.journey.facts;
  const came = await askExtension(context, subscription, {
    own: signUpInfo(context, attributes, values),
    read: (action) => readSubmit(action, attributes),
  });
  switch (came.kind) {
    case 'continue':
      return { kind: 'next', learned: accepted };
    case 'modify':
      return { kind: 'next', learned: { ...accepted, attributes: filledIn({ ...values, ...came.values }) } };
    case 'invalid':
      return complaintOutcome(messagesOf(came, attributes));
    default:
      return troubleOutcome(context, came);
  }
}

/** After the page with the attributes was sent, an API outside may change, refuse or send back what was filled in (b2c contract f.4). */
export const attributeCollectionSubmit: Step<AttributeCollectionSettings> = {
  kind: 'attributeCollectionSubmit',
  words: extensionWords,
  explain: () => 'Shows an extension what was filled in, where one listens for the application',
  enter: ask,
  submit: async (context, settings, input) => leftOff(context, input) ?? ask(context, settings),
};
