import { entity } from '../entity.ts';
import {
  boolean,
  collection,
  complex,
  complexType,
  dateTimeOffset,
  enumType,
  int32,
  oneOf,
  string,
} from '../property.ts';
import { organization } from './organization.ts';

const source = 'https://learn.microsoft.com/azure/active-directory-b2c/troubleshoot';

const journeyDecision = complexType(
  'usher.journeyDecision',
  {
    /** What was asked, e.g. `conditionalAccess`. */
    what: string(),
    /** What it came to, e.g. `requireMultifactor`. */
    came: string(),
    /** Why: names of settings and rules, and what they said. */
    because: collection(string()),
  },
  source,
);

/** One step of a journey that did something: ids only, never what a person typed. */
const journeyMovement = complexType(
  'usher.journeyMovement',
  {
    dateTime: dateTimeOffset(),
    /** Kind of step, as `docs/journeys.md` lists them. */
    step: string(),
    /** The button that was pressed; null when the step was entered. */
    action: string({ nullable: true }),
    /** `show`, `next`, `back`, `leave`, `refuse` or `failed`. */
    outcome: string(),
    /** The page that was shown. */
    page: string({ nullable: true }),
    /** Message ids of what the page complained of. */
    messages: collection(string()),
    /** Names of the fields that it complained of. */
    fields: collection(string()),
    /** Names of the facts that were established. */
    learned: collection(string()),
    decisions: collection(complex(journeyDecision)),
    /** Code of the failure inside the server. */
    fault: string({ nullable: true }),
    durationInMilliseconds: int32(),
  },
  source,
);

const journeyOutcome = enumType(
  'usher.journeyOutcome',
  {
    arrived: 0,
    refused: 1,
    /** Nothing more was heard until its time was over. */
    abandoned: 2,
    /** A request failed; the journey may have gone on, then another entry tells. */
    failed: 3,
  },
  [],
);

const server = { access: 'server', nullable: true } as const;

/** One person's way through a user flow, step by step, for whoever has to say why it failed. */
export const journey = entity('usher.journey', {
  set: { path: 'usher/journeys', versions: ['beta'], methods: ['list', 'get'] },
  properties: {
    startedDateTime: dateTimeOffset({ access: 'server', indexed: true }),
    endedDateTime: dateTimeOffset({ ...server }),
    /** The one that error pages, answers to applications and the sign-in log show. */
    correlationId: string({ ...server, indexed: true }),
    journeyId: string({ ...server, indexed: true }),
    flowId: string({ ...server, indexed: true }),
    appId: string({ ...server, indexed: true }),
    appDisplayName: string({ ...server }),
    /** Who it was, once that was established. */
    userId: string({ ...server, indexed: 'sparse' }),
    outcome: oneOf(journeyOutcome, { ...server, indexed: true }),
    /** `AADB2C90118`, `flows.unproved`: why it did not arrive. */
    errorCode: string({ ...server, indexed: 'sparse' }),
    /** It rested on a single sign-on session. */
    isResumed: boolean({ ...server }),
    movements: collection(complex(journeyMovement), { access: 'server' }),
  },
  permissions: { read: ['Usher.Journey.Read.All'], write: [] },
  log: {
    retentionDays: 30,
    time: 'startedDateTime',
    chosen: { in: () => organization, path: ['settings', 'journeyRetentionDays'] },
  },
  source,
});
