import { undisturbed } from '../../identity/index.ts';
import { entities } from '../../model/index.ts';
import { keepAge } from '../age/person-age.ts';
import { faults } from '../faults.ts';
import type { Outcome, Step, StepContext } from '../step.ts';

/** Throws `flows.unproved`: only who was just made has said an age that is not kept yet. */
async function keep(context: StepContext): Promise<Outcome> {
  const { userId, age, newUser } = context.journey.facts;
  if (userId === undefined || age === undefined || newUser !== true) throw faults.unproved({ step: 'keepAge' });
  await undisturbed(async () => {
    const found = await context.directory.get({ type: entities.user, id: userId });
    if (found) await keepAge(context, found, age);
  });
  return { kind: 'next' };
}

/** Keeps with the new account what the person said to the gate before there was one. Shows nothing. */
export const keepAgeStep: Step = {
  kind: 'keepAge',
  words: [],
  explain: () => 'Keeps the age with the new account',
  enter: keep,
  submit: keep,
};
