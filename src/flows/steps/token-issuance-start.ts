import { entities } from '../../model/index.ts';
import { askExtension, listening } from '../extensions/ask.ts';
import { userElement } from '../extensions/request.ts';
import type { Subscription } from '../extensions/subscriptions.ts';
import { readTokenClaims } from '../extensions/token-claims.ts';
import { extensionWords, failureOutcome, leftOff } from '../extensions/trouble.ts';
import { arrivedUser } from '../facts.ts';
import { faults } from '../faults.ts';
import type { Outcome, Step, StepContext } from '../step.ts';

/** What the extension is registered to return; other types of extension have no such list. */
const wantedOf = ({ extension }: Subscription): readonly string[] => {
  const listed = (
    extension as { readonly claimsForTokenConfiguration?: readonly { claimIdInApiResponse: string | null }[] }
  )?.claimsForTokenConfiguration;
  return (listed ?? []).flatMap(({ claimIdInApiResponse: name }) => (name ? [name] : []));
};

/** Throws `flows.unproved`. */
async function ask(context: StepContext): Promise<Outcome> {
  const subscription = await listening(context, 'tokenIssuanceStart');
  if (!subscription) return { kind: 'next' };
  const { facts } = context.journey;
  const userId = arrivedUser(facts);
  const user = userId === undefined ? undefined : await context.directory.get({ type: entities.user, id: userId });
  if (!user) throw faults.unproved({ step: 'tokenIssuanceStart' });
  const came = await askExtension(context, subscription, {
    circumstances: { user: userElement(user.entity) },
    read: (action) => readTokenClaims(action, wantedOf(subscription)),
  });
  if (came.kind === 'failed') return failureOutcome(context, came);
  return { kind: 'next', learned: { tokenClaims: { ...facts.tokenClaims, ...came.claims } } };
}

/**
 * Claims that an API outside gives for the tokens of everybody who comes in, also by single sign-on (b2c contract f.4). Nobody gets a token
 * without them.
 */
export const tokenIssuanceStart: Step = {
  kind: 'tokenIssuanceStart',
  words: extensionWords,
  explain: () => 'Asks an extension for claims, where one listens for the application',
  enter: (context) => ask(context),
  submit: async (context, _, input) => leftOff(context, input) ?? ask(context),
};
