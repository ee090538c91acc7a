import type { CallbackAnswer } from '../../federation/index.ts';
import { type Abroad, departTo, receive } from '../foreign.ts';
import { wordsOf } from '../page-words.ts';
import type { OfferedProvider } from '../plan.ts';
import type { Message } from '../screen.ts';
import type { Outcome, StepContext } from '../step.ts';

type Shown = Extract<Outcome, { kind: 'show' }>;

/** A page from which people go to a foreign provider, and to which they come back. */
export interface ForeignPage {
  readonly id: string;
  /** Who comes from there and has no account yet goes on to get one; else they are refused. */
  signsUp(providerId: string): boolean;
  /** The page with what was typed on it. What it keeps is plain data with a place for `abroad`. */
  show(messages: readonly Message[]): Shown;
}

/** What a page keeps while its person is away. */
export interface MaybeAbroad {
  readonly abroad?: Abroad;
}

/** Message ids of this file on a page. */
export const foreignWords = (page: string): readonly string[] => [
  `${page}.provider_unreachable`,
  `${page}.UserMessageIfUserAccountDisabled`,
];

/** To the provider; where it cannot be reached the page says so and keeps what was typed. */
export async function leaveFor(context: StepContext, page: ForeignPage, provider: OfferedProvider): Promise<Outcome> {
  const leaving = await departTo(context, provider);
  if (!leaving) return page.show([wordsOf(page.id).failure('provider_unreachable', { provider: provider.name })]);
  const { url, state, abroad } = leaving;
  const memo = { ...(page.show([]).memo as object | undefined), abroad } satisfies MaybeAbroad;
  return { kind: 'leave', url, state, memo };
}

/** What came of being away; without an answer the page as it was left. */
export async function returnTo(
  context: StepContext,
  page: ForeignPage,
  answer: CallbackAnswer | undefined,
): Promise<Outcome> {
  const { abroad } = (context.journey.memo ?? {}) as MaybeAbroad;
  if (!answer || !abroad) return page.show([]);
  const came = await receive(context, abroad, answer);
  switch (came.kind) {
    case 'refuse':
      return came;
    case 'known':
      return { kind: 'next', learned: came.learned };
    case 'unknown':
      return page.signsUp(abroad.provider)
        ? { kind: 'next', learned: came.learned }
        : { kind: 'refuse', refusal: 'foreignUnknown', detail: context.journey.flowId };
    case 'disabled': {
      const shown = page.show([wordsOf(page.id).failure('UserMessageIfUserAccountDisabled')]);
      return { ...shown, failed: { reason: 'disabled', account: came.account, signInName: '' } };
    }
    default:
      return came satisfies never;
  }
}
