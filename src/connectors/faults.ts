import { defineFaults, type Fault, flagOf, type OptionName } from '../kernel/index.ts';

/** `reason` never holds an address, a number, a word of the message or what the other side said in its own words. */
export const faults = defineFaults('connectors', {
  badSetting: { status: 500, message: "The setting '{flag}' {flaw}." },
  mailNotSent: { status: 502, message: 'A letter could not be handed over: {reason}.' },
  textNotSent: { status: 502, message: 'A text message could not be handed over: {reason}.' },
});

/** `flaw` completes "The setting …", e.g. `is needed with '--smtp-url'`. */
export const badSetting = (name: OptionName, flaw: string): Fault => faults.badSetting({ flag: flagOf(name), flaw });
