import type { Flows, Move } from '../host.ts';
import type { Localization } from './localization.ts';
import { localize } from './localize.ts';

/** The journeys, whose screens say what their flow wants to be said. */
export function inOwnWords(flows: Omit<Flows, 'languages'>, localization: Localization): Flows {
  async function spell(move: Move): Promise<Move> {
    if (move.kind === 'go') return move;
    const { flowId, locales } = move.journey;
    const texts = await localization.textsOf(flowId, move.screen.id, locales);
    return { ...move, ...localize(move.screen, texts) };
  }
  return {
    ...flows,
    languages: { ofFlow: localization.localesOf },
    look: async (journeyId, browserSecret) => spell(await flows.look(journeyId, browserSecret)),
    answer: async (...given) => spell(await flows.answer(...given)),
  };
}
