import assert from 'node:assert/strict';
import { comeBack, flowWith, giveProvider } from '../federation.ts';
import type { ForeignProviderServer } from '../foreign-provider/provider.ts';
import { newVisitor } from '../visitor.ts';
import { type Bench, type Raised, raisedBy } from './bench.ts';

/** Goes to a provider of its own from a flow that makes no accounts, as whoever the provider says. */
async function bringBack(bench: Bench, prepare: (server: ForeignProviderServer) => void): Promise<Raised> {
  const given = await giveProvider(bench.usher);
  const { server, button } = given;
  try {
    prepare(server);
    const flow = await flowWith(bench.usher, [given], { userFlowType: 'signIn' });
    const visitor = newVisitor(bench.usher);
    const { left } = await visitor.submit(await bench.authorize({}, flow, visitor), button);
    assert.ok(left);
    return raisedBy(await comeBack(visitor, await server.signIn(left.href), server.origin));
  } finally {
    await server.close();
  }
}

export const turnedBack = (bench: Bench): Promise<Raised> =>
  bringBack(bench, (server) => {
    server.mischief = 'cancel';
  });

export const unknownHere = (bench: Bench): Promise<Raised> =>
  bringBack(bench, (server) => {
    server.person = { sub: 'nobody-here' };
  });
