import { amazon } from './amazon.ts';
import { apple } from './apple.ts';
import { facebook } from './facebook.ts';
import { gitHub } from './git-hub.ts';
import { google } from './google.ts';
import type { ProviderKind } from './kind.ts';
import { linkedIn } from './linked-in.ts';
import { microsoft } from './microsoft.ts';
import { oidc } from './oidc.ts';
import { openIdConnect } from './open-id-connect.ts';
import { qq } from './qq.ts';
import { saml } from './saml.ts';
import { weChat } from './we-chat.ts';
import { weibo } from './weibo.ts';
import { x } from './x.ts';

/** Every kind of foreign provider, one line each. */
export const kinds: readonly ProviderKind[] = [
  amazon,
  apple,
  facebook,
  gitHub,
  google,
  linkedIn,
  microsoft,
  oidc,
  openIdConnect,
  qq,
  saml,
  weChat,
  weibo,
  x,
];

/** Names of those kinds for which an origin can stand in. */
export const fixedKinds: readonly string[] = kinds.flatMap(({ fixed }) => (fixed === undefined ? [] : [fixed]));
