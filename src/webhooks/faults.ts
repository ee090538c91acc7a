import { defineFaults } from '../kernel/index.ts';

export const faults = defineFaults('webhooks', {
  badTargetUrl: { status: 400, message: "'{target}' cannot be called: {flaw}." },
  badSecret: {
    status: 400,
    message: "'{target}' must be 'whsec_' and the Base64 of 24 to 64 random bytes.",
  },
  noEvents: { status: 400, message: "'{target}' must name at least one event." },
  sampleOnly: { status: 400, message: "'{target}' cannot name 'test', which is sent by the action of that name." },
  tooManyWebhooks: { status: 400, message: 'A tenant can have at most {maximum} webhooks.' },
  tooManyToReplay: {
    status: 400,
    message: "More than {maximum} deliveries are in that time. Choose a later 'since' or an earlier 'until'.",
  },
  replayMissed: { status: 409, message: 'The delivery is being tried right now. Ask again in a minute.' },
});
