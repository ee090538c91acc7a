import { actionOn, entity } from '../entity.ts';
import {
  boolean,
  collection,
  complex,
  complexType,
  dateTimeOffset,
  enumType,
  guid,
  int32,
  oneOf,
  string,
} from '../property.ts';
import { organization } from './organization.ts';

/** Graph has nothing like it. */
const source = 'https://learn.microsoft.com/azure/active-directory-b2c/add-api-connector';

/** When a flow calls a connector, as the body of the call says it. */
export const connectorStep = enumType(
  'usher.connectorStep',
  { PostFederationSignup: 0, PostAttributeCollection: 1, PreTokenIssuance: 2 },
  [],
);

/** Flows of Azure AD B2C and those for guests send different bodies. */
export const connectorAudience = enumType('usher.connectorAudience', { b2c: 0, b2x: 1 }, []);

/** What a call for a person who does not exist came to. */
export const connectorTrial = complexType(
  'usher.connectorTrial',
  {
    step: oneOf(connectorStep),
    audience: oneOf(connectorAudience),
    /** `Continue`, `ShowBlockPage`, `ValidationError`; else the code of what is wrong. */
    came: string(),
    /** A journey would know what to do with the answer. */
    isUsable: boolean(),
    /** HTTP status; null when no answer came. */
    status: int32({ nullable: true }),
    attempts: int32(),
    durationInMilliseconds: int32(),
    /** What it means and how to mend it, in English. */
    sentences: collection(string()),
    /** What was sent, as JSON text. */
    request: string(),
    /** How the answer differs from the one that was recorded; empty: in nothing, or there is none to compare. */
    differences: collection(string()),
  },
  source,
);

const server = { access: 'server', nullable: true } as const;

/** One call of an API connector by a journey. Nothing of the person is kept: values are those of the documented sample. */
export const connectorCall = entity('usher.connectorCall', {
  set: { path: 'usher/connectorCalls', versions: ['beta'], methods: ['list', 'get'] },
  properties: {
    startedDateTime: dateTimeOffset({ access: 'server', indexed: true }),
    connectorId: guid({ access: 'server', indexed: true }),
    connectorDisplayName: string({ ...server }),
    step: oneOf(connectorStep, { access: 'server', indexed: true }),
    audience: oneOf(connectorAudience, { access: 'server' }),
    flowId: string({ ...server, indexed: true }),
    appId: string({ ...server }),
    /** That of the journey, its sign-in and its error page. */
    correlationId: string({ ...server, indexed: true }),
    durationInMilliseconds: int32({ access: 'server' }),
    attempts: int32({ access: 'server' }),
    /** HTTP status; null when no answer came. */
    status: int32({ ...server }),
    /** `Continue`, `ShowBlockPage`, `ValidationError`; else the code of what was wrong. */
    came: string({ access: 'server', indexed: true }),
    /** What was wrong, in English; null when nothing was. */
    flaw: string({ ...server }),
    /** Names of members of the answer that mean nothing here. */
    ignored: collection(string(), { access: 'server' }),
    /** JSON text with the members that were sent, which can be sent again. */
    request: string({ access: 'server' }),
    /** JSON text with the members that came, by name and type; null when that was no JSON object. */
    answer: string({ ...server }),
  },
  operations: {
    /** Sends the request again, to the connector as it is now. */
    replay: actionOn('entity', {
      versions: ['beta'],
      returns: complex(connectorTrial),
      permissions: ['APIConnectors.ReadWrite.All'],
    }),
  },
  permissions: { read: ['Usher.Journey.Read.All'], write: [] },
  log: {
    retentionDays: 30,
    time: 'startedDateTime',
    chosen: { in: () => organization, path: ['settings', 'journeyRetentionDays'] },
  },
  source,
});
