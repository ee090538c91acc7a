import type { Ephemeral, EphemeralWrite } from '../store/index.ts';
import { provedTwice } from './facts.ts';
import { faults } from './faults.ts';
import type { CloseJourney, Host } from './host.ts';
import type { Ending, Journey } from './journey.ts';
import { knowingDevice } from './known-devices.ts';

/**
 * Tells the host what a journey came to. Resolves to the journey as it was saved then, at its end: in one commit with what the host keeps, if it keeps
 * anything, and what is known of the browser from now on. `saving`: what writes a journey in place of this one. Throws `flows.busy` when another
 * request has it by now.
 */
export async function told(
  { host, ephemeral }: { readonly host: Host; readonly ephemeral: Ephemeral },
  journey: Journey,
  ending: Ending,
  saving: (journey: Journey) => EphemeralWrite,
): Promise<Journey> {
  const beside = await known(ephemeral, journey, ending);
  const close: CloseJourney = (url) => [saving(ended(journey, url)), ...beside];
  let isHosts = false;
  const url = await tell(host, journey, ending, (to) => {
    isHosts = true;
    return close(to);
  });
  if (!isHosts && !(await ephemeral.together(close(url)))) throw faults.busy();
  return ended(journey, url);
}

function tell(host: Host, { hostRef }: Journey, ending: Ending, close: CloseJourney): Promise<string> {
  if (ending.kind === 'refuse') return host.refuse(hostRef, ending.refusal, ending.detail, close);
  return host.arrive(hostRef, ending.arrival, close);
}

async function known(ephemeral: Ephemeral, { sender }: Journey, ending: Ending): Promise<readonly EphemeralWrite[]> {
  if (ending.kind === 'refuse') return [];
  const { userId, amr } = ending.arrival;
  return knowingDevice(ephemeral, sender.device, { userId, isProved: amr.includes(provedTwice) });
}

/** What was learned is of no use any more, so it does not stay in the store. */
function ended(journey: Journey, url: string): Journey {
  const { screen: _screen, memo: _memo, asked: _page, ending: _told, loginHint: _hint, ...rest } = journey;
  return { ...rest, plan: { ...journey.plan, steps: [] }, facts: {}, trace: [], ended: url };
}
