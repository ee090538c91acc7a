import type { ConnectorAudience, ConnectorStep } from './connector-step.ts';
import type { Exchanged } from './exchange.ts';
import type { ConnectorAnswer, Flaw } from './read-answer.ts';

/** What a call that nobody waits for came to, for whoever writes the API. */
export interface Trial {
  readonly step: ConnectorStep;
  readonly audience: ConnectorAudience;
  /** `Continue`, `ShowBlockPage`, `ValidationError`; else the code of what is wrong. */
  readonly came: string;
  readonly isUsable: boolean;
  /** Null: no answer came. */
  readonly status: number | null;
  readonly attempts: number;
  readonly milliseconds: number;
  /** In plain English, one sentence each, the most important first. */
  readonly sentences: readonly string[];
}

/** People wait while an API is asked; more than this is felt. */
const slowMilliseconds = 2_000;

const list = (names: readonly string[]): string => new Intl.ListFormat('en').format(names);

const capitalised = (sentence: string): string => `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;

/** How to mend what stands in the way of an answer. */
const cures: Readonly<Record<NonNullable<Flaw['cause']>, string>> = {
  forbidden: 'Give it a public https address, or let the operator allow its network with --outside-allow.',
  timedOut: 'Answer within 20 seconds, better within one: do the long work after the answer.',
  tooLong: 'Answer with the claims that matter and nothing else.',
  unknownHost: 'Look for a typing error in the host name, and whether this machine can resolve it.',
  unreachable:
    'Look whether it runs and listens on that port, whether it wants https (TLS 1.2 or newer) or http, and whether its certificate is trusted here: --outside-ca names the authority of one that is not public.',
  resting: 'Mend it; it is asked again after half a minute.',
};

const effects: Readonly<Record<ConnectorStep, string>> = {
  PostFederationSignup: 'fill in the page that asks for attributes',
  PostAttributeCollection: 'take the place of what was typed',
  PreTokenIssuance: 'stand in the tokens of this sign-in, where the flow returns them',
};

function onContinue(
  step: ConnectorStep,
  { claims, ignored }: Extract<ConnectorAnswer, { kind: 'Continue' }>,
): readonly string[] {
  const [set, cleared] = [
    Object.keys(claims).filter((id) => claims[id] !== ''),
    Object.keys(claims).filter((id) => claims[id] === ''),
  ];
  const isAddress = (name: string): boolean => name.toLowerCase() === 'email';
  const unknown = ignored.filter((name) => !isAddress(name));
  return [
    'The person goes on.',
    ...(set.length > 0 ? [`The values of ${list(set)} ${effects[step]}.`] : []),
    ...(cleared.length > 0 ? [`The values of ${list(cleared)} are removed.`] : []),
    ...(ignored.some(isAddress) ? ["'email' is ignored: an address is proved by its owner, not by an answer."] : []),
    ...(unknown.length > 0
      ? [`Ignored, since the tenant has no such attributes: ${list(unknown)}. Custom ones begin with 'extension_'.`]
      : []),
  ];
}

function saidOf(step: ConnectorStep, answer: ConnectorAnswer): readonly string[] {
  switch (answer.kind) {
    case 'Continue':
      return onContinue(step, answer);
    case 'ShowBlockPage':
      return [
        `The person is shown ${JSON.stringify(answer.userMessage)} on a page of its own, and the way ends there: no account is made.`,
      ];
    case 'ValidationError':
      return [
        `The person sees ${JSON.stringify(answer.userMessage)} on the page they came from and can correct what they typed.`,
      ];
    case 'Flaw':
      return [
        capitalised(answer.sentence),
        ...(answer.cause ? [cures[answer.cause]] : []),
        'Until that is mended the flow stops here: nobody gets an account, or a token.',
      ];
    default:
      return answer satisfies never;
  }
}

const isSlow = ({ milliseconds, answer }: Exchanged): boolean =>
  milliseconds > slowMilliseconds && (answer.kind !== 'Flaw' || answer.cause !== 'timedOut');

/** `reveals`: what the network says may be told too, since whoever asks sees this machine's network anyway. */
export function trialOf(
  { step, audience }: { readonly step: ConnectorStep; readonly audience: ConnectorAudience },
  exchanged: Exchanged,
  { reveals }: { readonly reveals: boolean },
): Trial {
  const { answer, http, attempts, milliseconds } = exchanged;
  const flaw = answer.kind === 'Flaw' ? answer : undefined;
  return {
    step,
    audience,
    came: flaw?.code ?? answer.kind,
    isUsable: !flaw,
    status: http.kind === 'answered' ? http.status : null,
    attempts,
    milliseconds,
    sentences: [
      ...saidOf(step, answer),
      ...(reveals && http.kind === 'failed' ? [capitalised(`the reason: ${http.reason.replace(/\.$/, '')}`)] : []),
      ...(isSlow(exchanged) ? [`It took ${(milliseconds / 1000).toFixed(1)} seconds, for which a person waits.`] : []),
    ],
  };
}
