import { type AttackClass, held } from './attack-class.ts';

/** Ways to the account or the session of somebody else. */
export const onPeople: readonly AttackClass[] = [
  {
    number: 1,
    known: ['CVE-2026-18963'],
    at: 'Keycloak',
    happened: 'Whoever skipped the link of the letter set a new password all the same.',
    heldBy: [
      held(
        'src/flows/steps/password-shortcuts.test.ts',
        'no way through a reset sets the password of somebody whose mailbox is not read',
      ),
      held(
        'src/flows/proof/no-shortcut.test.ts',
        'no sequence of actions makes an account or arrives without the proof',
      ),
      held('src/flows/walk.test.ts', 'a plan that ends without anybody having proved who they are lets nobody in'),
      held('src/flows/steps/second-factor-no-shortcut.test.ts', 'a stolen password alone leads nowhere'),
    ],
  },
  {
    number: 2,
    known: ['CVE-2026-7507'],
    at: 'Keycloak',
    happened: 'An endpoint that began a sign-in anew let an attacker fix the session of somebody else.',
    heldBy: [
      held('src/flows/engine.test.ts', 'can be continued only by the browser it began in'),
      held(
        'src/oidc/single-sign-on.test.ts',
        'a session is under a new name after each sign-in, and the old name opens nothing',
      ),
      held(
        'src/oidc/single-sign-on.test.ts',
        'a name that somebody planted is not the one of the session that follows',
      ),
    ],
  },
  {
    number: 3,
    known: ['CVE-2026-9087'],
    at: 'Keycloak',
    happened: 'The proof of an address was not bound to the identity it was asked for.',
    heldBy: [
      held('src/flows/proof/one-time-code.test.ts', 'is good for one journey, one purpose and one browser'),
      held('src/flows/steps/local-sign-up.test.ts', 'the code of one address does not prove another'),
    ],
  },
  {
    number: 4,
    known: ['CVE-2025-7365'],
    at: 'Keycloak',
    happened: 'While two accounts were merged, the address could be changed after it was proved.',
    heldBy: [
      held(
        'test/scenarios/linking-attacks.test.ts',
        'merge: an address that was proved is not exchanged for another on the page',
      ),
      held(
        'src/flows/steps/local-sign-up.test.ts',
        'another address in the field loses the proof, whatever the page allowed',
      ),
    ],
  },
  {
    number: 5,
    known: ['CVE-2026-16442'],
    at: 'Keycloak',
    happened: 'A sign-in begun at the provider came in by a provider that was for linking alone.',
    heldBy: [
      held(
        'test/scenarios/linking-attacks.test.ts',
        'an answer that nobody asked for begins nothing, whoever it proves',
      ),
      held('src/federation/saml/saml.test.ts', 'an answer with another state, or none, is not looked into'),
      held(
        'src/flows/steps/foreign-sign-in.test.ts',
        'a provider that the flow does not offer any more, or that is gone, lets nobody in',
      ),
    ],
  },
  {
    number: 9,
    known: ['CVE-2025-64102'],
    at: 'ZITADEL',
    happened: 'One-time codes could be guessed without end.',
    heldBy: [
      held(
        'src/flows/proof/one-time-code.test.ts',
        'of twenty simultaneous wrong tries five are looked at, and the code is closed',
      ),
      held('src/flows/proof/one-time-code.test.ts', 'guessed for it a limited number of times, whatever the journeys'),
      held('src/identity/authenticators.test.ts', 'of forty simultaneous wrong codes ten are looked at'),
    ],
  },
  {
    number: 10,
    known: ['CVE-2026-105211'],
    at: 'ZITADEL',
    happened: 'The one-time code came back in the answer that had it sent.',
    heldBy: [
      held('test/security/secrets.test.ts', 'no answer holds a secret, except the one that delivers it'),
      held('src/pages/render.test.ts', 'passwords and codes are never sent back'),
      held('src/flows/steps/local-sign-up.test.ts', 'all that was typed comes back, but no password and no code'),
    ],
  },
  {
    number: 11,
    known: ['CVE-2026-119128'],
    at: 'ZITADEL',
    happened: 'A cookie said that somebody was verified, and anybody could write it.',
    heldBy: [
      held('src/pages/face.test.ts', 'a form without the token of this browser is refused'),
      held(
        'src/flows/steps/conditional-access.test.ts',
        'a password alone makes no browser known that is to stand in for a second factor',
      ),
      held('src/oidc/at-rest.test.ts', 'the address alone, or with the cookie of another sign-in, leads nowhere'),
    ],
  },
  {
    number: 12,
    known: ['CVE-2026-105207'],
    at: 'ZITADEL',
    happened: 'A provider could be linked to an account without signing in to it.',
    heldBy: [
      held(
        'test/scenarios/linking-attacks.test.ts',
        'linking: nobody who is signed in gains the account of a provider, or gives theirs away',
      ),
      held(
        'src/flows/steps/foreign-protection.test.ts',
        'no step takes anybody for proved by a provider who was not, whatever plan it stands in',
      ),
    ],
  },
  {
    number: 13,
    known: ['CVE-2026-105215'],
    at: 'ZITADEL',
    happened: 'A forged answer of a provider put its subject on an account before its owner came.',
    heldBy: [
      held(
        'test/scenarios/linking-attacks.test.ts',
        'forged callback: an answer opens nothing without the cookie of the journey, or in another browser',
      ),
      held(
        'test/scenarios/linking-attacks.test.ts',
        'forged callback: a state that was made up, altered or left out belongs to nobody',
      ),
      held('test/security/single-use.test.ts', 'send its code to it once'),
    ],
  },
  {
    number: 14,
    known: ['CVE-2025-64717'],
    at: 'ZITADEL',
    happened: 'A provider that was switched off still let people in.',
    heldBy: [
      held(
        'src/flows/steps/foreign-sign-in.test.ts',
        'a provider that the flow does not offer any more, or that is gone, lets nobody in',
      ),
      held('src/oidc/withdrawn.test.ts', 'an application deleted during a journey is sent nothing'),
      held('src/oidc/refresh.test.ts', 'refreshing ends when the account is gone, disabled or signed out everywhere'),
      held('test/security/switched-off.test.ts', 'a disabled account'),
    ],
  },
  {
    number: 17,
    known: ['CVE-2026-15612'],
    at: 'Logto',
    happened: 'An ID token without the nonce that was asked for was taken.',
    heldBy: [
      held('src/federation/oidc/oidc.test.ts', 'an answer that is wrong in any one way proves nobody'),
      held('src/federation/oidc/hostile.test.ts', 'algorithms that anybody could sign with are refused'),
    ],
  },
  {
    number: 18,
    known: ['CVE-2026-15611', 'nOAuth'],
    at: 'Logto, applications of Entra ID',
    happened: 'An address that a provider only told of somebody opened the account that has it.',
    heldBy: [
      held(
        'test/scenarios/linking-attacks.test.ts',
        'nOAuth: whatever address a provider claims, proved or not, it opens no account that has it',
      ),
      held(
        'src/flows/guests/redeem.test.ts',
        'an address that the provider has not proved, or another one, accepts nothing',
      ),
    ],
  },
  {
    number: 19,
    known: ['CVE-2026-63203'],
    at: 'Logto',
    happened: 'Stored tokens of providers could be read without the permission for it.',
    heldBy: [
      held('src/oidc/provenance.test.ts', 'what opens the API of the provider is nowhere at rest'),
      held(
        'src/oidc/provenance.test.ts',
        'renewed tokens and single sign-on say who proved the person, and open nothing',
      ),
      held('src/directory/secrets.test.ts', 'masked on every read'),
    ],
  },
  {
    number: 23,
    known: ['CVE-2022-23555'],
    at: 'authentik',
    happened: 'An invitation was good more than once, and in another flow.',
    heldBy: [
      held('src/flows/proof/single-use.test.ts', 'an invitation that several browsers accept'),
      held('src/identity/guests.test.ts', 'an invitation is accepted once'),
      held('src/flows/guests/redeem.test.ts', 'nothing that is sent makes the code go to another address'),
    ],
  },
  {
    number: 29,
    known: ['CVE-2022-39222'],
    at: 'Dex',
    happened: 'Somebody was led through the sign-in that an attacker had begun, who then had the code.',
    heldBy: [
      held('src/flows/engine.test.ts', 'can be continued only by the browser it began in'),
      held(
        'src/oidc/authorized.test.ts',
        'an interaction is gone on with only in its browser, under its flow, and once',
      ),
    ],
  },
];
