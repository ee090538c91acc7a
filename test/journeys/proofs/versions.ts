import assert from 'node:assert/strict';
import type { Chapter } from '../proof.ts';

export const versions: Chapter = {
  proofs: [
    {
      settings: ['userFlowTypeVersion'],
      kinds: ['signUpOrSignIn', 'signIn', 'profileUpdate'],
      says: 'A recommended flow can offer to stay signed in, a standard one cannot',
      async prove(bench, kind) {
        const singleSignOnSessionConfiguration = { isKeepMeSignedInEnabled: true };
        const offers = async (userFlowTypeVersion: number): Promise<boolean> => {
          const flow = await bench.flow(kind, { userFlowTypeVersion, singleSignOnSessionConfiguration });
          return (await bench.open(flow)).visit.html.includes('name="rememberMe"');
        };
        assert.deepEqual([await offers(1), await offers(3)], [false, true]);
      },
    },
    {
      settings: ['userFlowTypeVersion'],
      kinds: ['signUpOrSignIn', 'signIn'],
      says: 'Who forgot the password resets it in a recommended flow; the application of a standard one hears of it',
      async prove(bench, kind) {
        const answer = async (userFlowTypeVersion: number) => {
          const { visitor, visit } = await bench.open(await bench.flow(kind, { userFlowTypeVersion }));
          return visitor.submit(visit, 'forgotPassword');
        };
        const told = (await answer(1)).left?.searchParams.get('error_description') ?? '';
        assert.match(told, /^AADB2C90118: /);
        assert.match((await answer(3)).html, /id="emailVerificationControl_but_send_code"/);
      },
    },
    {
      settings: ['userFlowTypeVersion'],
      kinds: ['resourceOwner'],
      says: 'There is one version of the flow, and no other can be made',
      async prove(bench, kind) {
        await assert.rejects(bench.flow(kind, { userFlowTypeVersion: 1 }), /userFlowTypeVersion 1 cannot be created/);
        assert.ok((await bench.finish(kind, await bench.flow(kind, { userFlowTypeVersion: 3 }))).tokens.id_token);
      },
    },
  ],
  exemptions: [
    {
      settings: ['userFlowTypeVersion'],
      kinds: ['signUp', 'passwordReset'],
      because: 'Both versions do the same: what they differ in concerns people who sign in with a password.',
    },
  ],
};
