import { createLru } from '../kernel/index.ts';
import type { Journey } from './journey.ts';
import type { Plan } from './plan.ts';

/** Journeys as JSON. */
export interface JourneyTexts {
  write(journey: Journey): string;
  read(text: string): Journey;
}

/** Plans kept at most; a flow has one for each language, of some kilobytes. */
const capacity = 200;

const beginning = '{"plan":';

/**
 * The plan is most of a journey, and the same in all of its flow: it is written and read once, and shared. It stands in a line of its own, which no
 * text within JSON can end.
 */
export function createJourneyTexts(): JourneyTexts {
  const texts = new WeakMap<Plan, string>();
  const plans = createLru<Plan>(capacity);

  function planOf(text: string): Plan {
    const known = plans.get(text);
    if (known) return known;
    const plan = JSON.parse(text) as Plan;
    plans.set(text, plan);
    texts.set(plan, text);
    return plan;
  }

  return {
    write({ plan, ...rest }) {
      const text = texts.get(plan) ?? JSON.stringify(plan);
      texts.set(plan, text);
      return `${beginning}${text},\n${JSON.stringify(rest).slice(1)}`;
    },
    read(text) {
      const end = text.indexOf('\n');
      // Of another version of the server.
      if (end < 0) return JSON.parse(text) as Journey;
      const rest = JSON.parse(`{${text.slice(end)}`) as Omit<Journey, 'plan'>;
      return { ...rest, plan: planOf(text.slice(beginning.length, end - 1)) };
    },
  };
}
