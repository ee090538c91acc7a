import type { Directory, Versioned } from '../../directory/index.ts';
import { entities } from '../../model/index.ts';
import { countriesIn } from '../age/countries.ts';
import { assignmentsOf, attributesOf } from '../attributes/assigned.ts';
import { type Attribute, type Collection, collect, type Offers } from '../attributes/collect.ts';
import { tenantSignIn } from '../events/contender.ts';
import type { Localization } from '../localization/localization.ts';
import { connectorsOf, offeredOf, switchesOf } from '../offered.ts';
import type { Plan } from '../plan.ts';
import { collectInputs } from './collected-inputs.ts';
import { compileGuests, type NewcomerRules, redemptionPlan } from './compile-guests.ts';
import { type GuestFlow, guestFlowOf, providersOf } from './guest-flow.ts';
import { redemptionFlow } from './redemption.ts';
import { tenantProviders } from './tenant-providers.ts';

const { identityUserFlowAttribute } = entities;

type Reader = Pick<Directory, 'get' | 'find' | 'linked'>;

async function pageOf(directory: Reader, flow: GuestFlow, offers: Offers): Promise<Collection> {
  if (flow.kind === 'b2x') {
    const assignments = await assignmentsOf(directory, flow.found);
    return collect(assignments, await attributesOf(directory, assignments), offers);
  }
  const { type, entity } = flow.found;
  const [linked = []] = await directory.linked([{ type, id: entity.id }], 'onAttributeCollection/attributes');
  const attributes = linked as readonly Versioned<typeof identityUserFlowAttribute>[];
  const known: readonly Attribute[] = attributes.map((one) => one.entity);
  return collectInputs(entity, known, offers);
}

/** Undefined: the flow makes no accounts. */
async function newcomersOf(directory: Reader, flow: GuestFlow, offers: Offers): Promise<NewcomerRules | undefined> {
  if (flow.kind === 'events' && !flow.found.entity.onInteractiveAuthFlowStart?.isSignUpAllowed) return undefined;
  const linked = await providersOf(directory, flow);
  const created = flow.kind === 'b2x' ? 'guest' : (flow.found.entity.onUserCreateStart?.userTypeToCreate ?? 'member');
  return {
    linked: linked.map(({ entity }) => entity.id),
    providers: await offeredOf(directory, linked),
    page: await pageOf(directory, flow, offers),
    userType: created === 'guest' ? 'Guest' : 'Member',
    connectors: flow.kind === 'b2x' ? await connectorsOf(directory, flow.found) : {},
  };
}

/**
 * The plans for people at the tenant: of a flow for guests, of an events flow, and of `tenantSignIn` and `redemptionFlow`, which nobody stores.
 * Undefined: the id is none of these. Throws `flows.noProvider`.
 */
export function guestPlanReader(directory: Reader, localization?: Pick<Localization, 'choicesOf'>) {
  return async (flowId: string, locales: readonly string[]): Promise<Plan | undefined> => {
    if (flowId === redemptionFlow) return redemptionPlan(await tenantProviders(directory));
    const flow = await guestFlowOf(directory, flowId);
    if (!flow && flowId !== tenantSignIn) return undefined;
    const choices = (await localization?.choicesOf(flowId, locales)) ?? new Map();
    const offers: Offers = { choices, countries: countriesIn(locales) };
    const [switches, providers, newcomers] = await Promise.all([
      switchesOf(directory),
      tenantProviders(directory),
      flow && newcomersOf(directory, flow, offers),
    ]);
    return compileGuests({
      flowId: flow?.found.entity.id ?? tenantSignIn,
      version: flow?.found.etag ?? tenantSignIn,
      switches,
      providers,
      ...(newcomers ? { newcomers } : {}),
    });
  };
}
