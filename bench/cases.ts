import assert from 'node:assert/strict';
import { authorize, codeFor, codeIn, redeem, refresh } from '../test/support/sign-in.ts';
import { seeded, type Usher } from '../test/support/usher.ts';
import { newVisitor } from '../test/support/visitor.ts';

export interface Case {
  readonly name: string;
  readonly count: number;
  readonly inFlight: number;
  /** Resolves to one operation, run many times. */
  prepare(usher: Usher): Promise<() => Promise<void>>;
}

async function expectOk(response: Response): Promise<void> {
  const body = await response.text();
  assert.ok(response.ok, `${response.status} ${body}`);
}

const get = (path: string) => async (usher: Usher) => async () => expectOk(await usher.graph('GET', path));

export const cases: readonly Case[] = [
  {
    name: 'password sign-in, whole, with code exchange',
    count: 200,
    inFlight: 8,
    prepare: async (usher) => async () => {
      const attempt = authorize(usher);
      const { status } = await redeem(usher, attempt, await codeFor(newVisitor(usher), attempt));
      assert.equal(status, 200);
    },
  },
  {
    name: 'single sign-on (session), with code exchange',
    count: 500,
    inFlight: 8,
    prepare: async (usher) => {
      const visitor = newVisitor(usher);
      await codeFor(visitor, authorize(usher));
      return async () => {
        const attempt = authorize(usher);
        const { status } = await redeem(usher, attempt, codeIn(await visitor.open(attempt.url)));
        assert.equal(status, 200);
      };
    },
  },
  {
    name: 'refresh with rotation',
    count: 500,
    inFlight: 1,
    prepare: async (usher) => {
      const attempt = authorize(usher);
      let held = (await redeem(usher, attempt, await codeFor(newVisitor(usher), attempt))).answer.refresh_token ?? '';
      return async () => {
        const { status, answer } = await refresh(usher, held);
        assert.equal(status, 200);
        held = answer.refresh_token ?? '';
      };
    },
  },
  {
    name: 'client credentials',
    count: 1000,
    inFlight: 8,
    prepare: async (usher) => {
      const url = `${usher.url}/${seeded.tenantId}/oauth2/v2.0/token`;
      const form = {
        grant_type: 'client_credentials',
        client_id: seeded.daemon,
        client_secret: seeded.secret,
        scope: 'https://graph.microsoft.com/.default',
      };
      return async () => expectOk(await fetch(url, { method: 'POST', body: new URLSearchParams(form) }));
    },
  },
  {
    name: 'hosted sign-in page, authorize to HTML',
    count: 500,
    inFlight: 8,
    prepare: async (usher) => async () => {
      const { status } = await newVisitor(usher).open(authorize(usher).url);
      assert.equal(status, 200);
    },
  },
  {
    name: 'Graph: get a user flow',
    count: 2000,
    inFlight: 8,
    prepare: get(`/beta/identity/b2cUserFlows/${seeded.flow}`),
  },
  {
    name: 'Graph: list attributes, top 25',
    count: 1000,
    inFlight: 8,
    prepare: get('/beta/identity/userFlowAttributes?$top=25'),
  },
  {
    name: 'Graph: create an application',
    count: 1000,
    inFlight: 8,
    prepare: async (usher) => async () =>
      expectOk(await usher.graph('POST', '/v1.0/applications', { displayName: 'Benchmark' })),
  },
];
