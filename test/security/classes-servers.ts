import { type AttackClass, held } from './attack-class.ts';

/** Ways around the protocol, into the network, and from one tenant to another. */
export const onServers: readonly AttackClass[] = [
  {
    number: 6,
    known: ['CVE-2026-3872', 'CVE-2026-7504', 'CVE-2023-6291'],
    at: 'Keycloak',
    happened:
      'Redirect URIs were matched by pattern or prefix, and tricks with paths, users and encodings got around it.',
    heldBy: [
      held('test/security/redirects.test.ts', 'no code and no error goes to'),
      held('src/oidc/authorize.test.ts', 'no near miss of a registered redirect URI is ever redirected to'),
    ],
  },
  {
    number: 7,
    known: ['CVE-2026-9689'],
    at: 'Keycloak',
    happened: 'A parameter sent twice meant one thing to the check and another to what followed.',
    heldBy: [
      held('src/http/reader.test.ts', 'a field sent twice is refused in a form and in a query'),
      held('src/oidc/dialect/params.test.ts', 'a parameter once in the query and once in the form is refused'),
      held(
        'test/scenarios/linking-attacks.test.ts',
        'parameter pollution: an answer that says something twice is none',
      ),
    ],
  },
  {
    number: 8,
    known: ['GHSA-2wmj-46rj-qm2w'],
    at: 'ZITADEL',
    happened: 'The host that a client named stood in the link of the letter that resets a password.',
    heldBy: [
      held(
        'test/security/proxies.test.ts',
        'headers of proxies poison no letter: neither that of a reset nor that of an invitation',
      ),
      held('test/security/proxies.test.ts', 'a host of somebody else is answered with nothing'),
      held('src/http/listener.test.ts', 'a host that is not allowed is answered 421'),
    ],
  },
  {
    number: 15,
    known: ['CVE-2026-29191', 'CVE-2026-29067'],
    at: 'ZITADEL',
    happened: 'What was sent stood unescaped in a page that posts itself; and one instance redirected for another.',
    heldBy: [
      held(
        'src/oidc/dialect/response.test.ts',
        'a form that posts itself runs the one script its policy names, and no value gets out of its quotes',
      ),
      held('test/security/markup.test.ts', 'a form that posts itself'),
      held('test/security/page-headers.test.ts', 'holds no script of its own'),
      held(
        'test/scenarios/linking-attacks.test.ts',
        'forged callback: the address of another tenant takes no answer of this one',
      ),
    ],
  },
  {
    number: 16,
    known: ['CVE-2026-56739'],
    at: 'Logto',
    happened: 'Addresses set by tenants reached the network of the operator.',
    heldBy: [
      held('test/security/outside-calls.test.ts', 'go nowhere inside by'),
      held(
        'test/security/outside-calls.test.ts',
        'are not made to a name that leads inside, whichever of its addresses does',
      ),
      held('test/security/outside-calls.test.ts', 'follow no redirect, neither inside nor anywhere'),
      held('test/security/outside-settings.test.ts', 'is not stored'),
    ],
  },
  {
    number: 20,
    known: ['CVE-2024-47070'],
    at: 'authentik',
    happened: 'A header that names the address of the client skipped the password.',
    heldBy: [
      held('test/security/proxies.test.ts', 'nobody gets past a rule for networks by naming another address'),
      held('test/security/proxies.test.ts', 'nobody is believed to be somebody by a header'),
      held(
        'src/http/forwarded.test.ts',
        'behind a trusted proxy a request is from whom the proxy says, however the address is written',
      ),
    ],
  },
  {
    number: 21,
    known: ['CVE-2023-48228'],
    at: 'authentik',
    happened: 'The proof key could be left out when the code was redeemed.',
    heldBy: [
      held('src/oidc/token.test.ts', 'PKCE holds both ways'),
      held('src/oidc/tenant-choices.test.ts', 'the verifier must still be the one'),
    ],
  },
  {
    number: 22,
    known: ['CVE-2024-52289'],
    at: 'authentik',
    happened: 'A dot in a registered address stood for any letter.',
    heldBy: [
      held('test/security/redirects.test.ts', 'no code and no error goes to'),
      held('src/identity/redirect-uris.test.ts', 'is refused on every platform'),
    ],
  },
  {
    number: 24,
    known: ['CVE-2024-56734', 'CVE-2025-27143'],
    at: 'better-auth',
    happened: 'An address that two parsers read in two ways led to another site.',
    heldBy: [
      held('test/security/redirects.test.ts', 'signing out leads to no other origin by'),
      held('src/oidc/session.test.ts', 'signing out leads nowhere that no application has registered'),
    ],
  },
  {
    number: 25,
    known: ['CVE-2026-67333'],
    at: 'better-auth',
    happened: 'A redirect URI that runs was registered and gone to.',
    heldBy: [
      held('src/oidc/authorize.test.ts', 'a forbidden scheme is refused even where somebody has registered it'),
      held('test/security/redirects.test.ts', 'no code and no error goes to'),
    ],
  },
  {
    number: 26,
    known: ['GHSA-r9w3-57w2-gch2', 'GO-2026-4801'],
    at: 'Hydra, Kratos',
    happened: 'What stood in the token of a page went into the question to the database.',
    heldBy: [
      held('src/graph/page-token.test.ts', 'no bit and no letter of a token can be another'),
      held('src/graph/page-token.test.ts', 'the place where a page ended is worth nothing in another tenant'),
    ],
  },
  {
    number: 27,
    known: ['GO-2026-4861'],
    at: 'Hydra',
    happened: 'A hint of an error stood unescaped on the page.',
    heldBy: [
      held('test/pages/hostile.test.ts', 'no text in it becomes markup'),
      held('test/security/markup.test.ts', 'error page'),
      held('src/http/html.test.ts', 'html escapes every value, in content and in quoted attributes'),
    ],
  },
  {
    number: 28,
    known: ['CVE-2026-123800', 'CVE-2026-123797'],
    at: 'SuperTokens',
    happened: 'The key of one tenant changed its parent, and an unknown tenant was asked for nothing.',
    heldBy: [
      held('test/scenarios/refusals.test.ts', 'an unknown tenant is refused before anything else'),
      held('test/security/isolation-graph.test.ts', 'finds nothing by the ids of this one'),
      held('test/security/isolation-runtime.test.ts', 'opens nothing at'),
      held('src/graph/authorize.test.ts', 'sees and changes its own objects only, also under equal ids'),
      held(
        'src/oidc/application-tokens.test.ts',
        'tokens that are none, not ours, not for Graph or out of time are told apart',
      ),
    ],
  },
  {
    number: 30,
    known: ['CVE-2021-32637'],
    at: 'Authelia',
    happened: 'An address that could not be parsed was let through.',
    heldBy: [
      held('test/security/wire.test.ts', 'never 500, never a stack'),
      held('test/security/wire.test.ts', 'a request whose end two parsers see at two places is refused'),
      held(
        'test/security/proxies.test.ts',
        'an address that cannot be read opens nothing that its readable form keeps shut',
      ),
      held('src/http/listener.test.ts', 'a path with a broken escape sequence is answered 400'),
    ],
  },
  {
    number: 31,
    known: ['Praetorian, 2023'],
    at: 'Azure AD B2C',
    happened: 'Refresh tokens were encrypted to a public key, so that anybody could make one for anybody.',
    heldBy: [
      held('src/oidc/refresh.test.ts', 'no bearer value stands in the store as itself'),
      held('src/oidc/refresh.test.ts', 'a refresh token seen twice ends every token of its family'),
      held('test/security/single-use.test.ts', 'is presented again opens nothing'),
    ],
  },
  {
    number: 32,
    known: ['the threat model of the library'],
    at: 'oidc-provider',
    happened: 'Nothing; but it counts on its host for storage that uses things up, and for its interactions.',
    heldBy: [
      held(
        'src/oidc/authorized.test.ts',
        'an interaction is gone on with only in its browser, under its flow, and once',
      ),
      held('test/security/single-use.test.ts', 'one opens something'),
      held('src/flows/proof/single-use.test.ts', 'one opens something'),
    ],
  },
];
