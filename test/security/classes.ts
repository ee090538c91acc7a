import type { AttackClass } from './attack-class.ts';
import { onPeople } from './classes-people.ts';
import { onServers } from './classes-servers.ts';

/** What went wrong at others, as public facts, and the tests that hold each; `guards.ts` names the code. */
export const attackClasses: readonly AttackClass[] = [...onPeople, ...onServers].sort(
  (one, other) => one.number - other.number,
);
