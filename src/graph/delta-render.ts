import type { Reply } from '../http/index.ts';
import type { Tracked, Tracking } from './delta.ts';
import { linkTo } from './delta-round.ts';
import { entityJson, type Shown } from './entity-json.ts';
import type { Json } from './json.ts';
import { contextOf, json, projectionText, type Rendering, shownIn } from './rendering.ts';

/** A page of a round, with the link to go on at: `nextLink` at once, `deltaLink` whenever the client likes. */
export function renderTracking({ located, items, round, more }: Tracking, rendering: Rendering): Reply {
  const { request, plan, tenantId, tokens } = rendering;
  const { select } = plan.projection;
  const projection =
    select && !select.includes('id') ? { ...plan.projection, select: [...select, 'id'] } : plan.projection;
  const shown = { ...shownIn(rendering, located), projection };
  const link = more ? 'nextLink' : 'deltaLink';
  const minimal = request.preferences.return === 'minimal';
  return json(rendering, 200, {
    ...contextOf(rendering, `${located.context}${projectionText(plan)}`),
    [`@odata.${link}`]: linkTo(request, { type: located.collection.type, tenantId, tokens }, link, round),
    value: items.map((item) => trackedJson(item, shown, minimal)),
  });
}

/** What was never set is left out; what was set to null is told (https://learn.microsoft.com/graph/api/user-delta). */
function trackedJson({ id, found, changed }: Tracked, shown: Shown, minimal: boolean): Json {
  // Nothing that is removed can be restored here, so it is never `changed`.
  if (!found) return { id, '@removed': { reason: 'deleted' } };
  const members = Object.entries(entityJson({ found, expanded: {} }, shown)).filter(([name, value]) => {
    if (name === 'id' || name.startsWith('@') || changed?.has(name)) return true;
    return value !== null && !(minimal && changed);
  });
  return Object.fromEntries(members);
}
