/** What is good for one use opens one door, once, on every engine, however many present it at the same moment. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { engines } from '../support/engines.ts';
import { comeBack, leave } from '../support/federation.ts';
import { authorize, codeIn, redeem, refresh } from '../support/sign-in.ts';
import { type Fresh, twice, winners } from '../support/single-use.ts';
import { type ProofGround, proofGroundOn, sentCodes, signedAnswers } from '../support/single-use-proofs.ts';
import { type Ground, groundOn, singleUseThings } from '../support/single-use-things.ts';
import { startUsher, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';

for (const engine of engines.filter(({ name }) => name !== 'memory')) {
  describe(`on ${engine.name}`, () => {
    let usher: Usher;
    let ground: Ground;
    let proofs: ProofGround;
    before(async () => {
      usher = await startUsher(engine.options());
      ground = await groundOn(usher);
      proofs = await proofGroundOn(usher);
    });
    after(async () => {
      await ground?.elsewhere.server.close();
      await proofs?.saml.close();
      await usher?.stop();
    });

    function opensOnce(name: string, fresh: () => Fresh): void {
      test(`${name} that is presented again opens nothing`, async () => {
        assert.deepEqual(await twice(fresh()), [true, false]);
      });

      test(`of eight simultaneous uses of ${name} one opens something`, async () => {
        assert.equal(await winners(fresh()), 1);
      });
    }
    for (const [name, thing] of Object.entries(singleUseThings)) opensOnce(name, () => thing(ground));
    for (const [name, proof] of Object.entries({ ...sentCodes, ...signedAnswers }))
      opensOnce(name, () => proof(proofs));

    test('eight simultaneous answers of a provider send its code to it once', async () => {
      const { elsewhere, flow } = ground;
      elsewhere.server.person = { sub: randomUUID(), name: 'Ada' };
      const visitor = newVisitor(usher);
      const { away } = await leave(usher, visitor, flow, elsewhere.button);
      const answer = await elsewhere.server.signIn(away.href);
      await Promise.all(Array.from({ length: 8 }, () => comeBack(visitor, answer, elsewhere.server.origin)));
      const { code } = answer.params;
      const asked = elsewhere.server.asked.filter(
        ({ endpoint: at, params }) => at === 'token' && params['code'] === code,
      );
      assert.equal(asked.length, 1);
    });

    test('what a code that was presented twice has opened is shut again', async () => {
      const attempt = authorize(usher);
      const code = codeIn(await ground.known.open(attempt.url));
      const { answer } = await redeem(usher, attempt, code);
      await redeem(usher, attempt, code);
      assert.equal((await refresh(usher, answer.refresh_token ?? '')).status, 400);
    });
  });
}
