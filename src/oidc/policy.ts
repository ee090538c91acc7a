import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { maySkip } from './authority.ts';
import { callOf } from './call.ts';
import { hasMoreToDo, type JourneyServices } from './journey.ts';
import { hasArrived, isCurrentSession, isOtherPerson, isTooOld } from './session-checks.ts';

const { Check, Prompt } = interactionPolicy;

type Needed = (ctx: KoaContextWithOIDC) => boolean | Promise<boolean>;

/** `error` and `description` are what `prompt=none` is answered with (b2c contract b.6); the description is a code of the table. */
const check = (reason: string, description: string, needed: Needed) =>
  new Check(reason, description, 'interaction_required', needed);

function isToBeWalked(ctx: KoaContextWithOIDC): boolean {
  const { authority } = callOf(ctx);
  return !hasArrived(ctx) && !maySkip(authority);
}

/**
 * When a person must walk the flow. There is no consent prompt: permissions are an administrator's, for all users
 * (b2c contract b.2).
 */
export const interactionRules = (services: JourneyServices): interactionPolicy.Prompt[] => [
  new Prompt(
    { name: 'login', requestable: true },
    check('no_session', 'AADB2C90077', (ctx) => !isCurrentSession(ctx)),
    check('own_journey', 'AADB2C90077', isToBeWalked),
    check('max_age', 'AADB2C90121', (ctx) => isTooOld(ctx, services.clock)),
    check('other_person', 'AADSTS16000', isOtherPerson),
    check(
      'more_to_do',
      'AADSTS50076',
      async (ctx) => !hasArrived(ctx) && !isToBeWalked(ctx) && hasMoreToDo(ctx, services),
    ),
  ),
];
