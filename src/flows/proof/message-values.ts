import { lengthOf, type Value } from '../localization/value.ts';
import type { StepContext } from '../step.ts';

/** What letters and text messages with a code can tell, besides the code; names are text, never markup. */
export async function messageValues(
  { journey, identity, rules }: StepContext,
  address: string,
): Promise<Readonly<Record<string, Value>>> {
  const { lifetimeSeconds } = rules.codes;
  return {
    tenant: (await identity.settings()).displayName,
    app: journey.client.displayName,
    email: address,
    time: lengthOf(lifetimeSeconds),
    minutes: Math.ceil(lifetimeSeconds / 60),
  };
}
