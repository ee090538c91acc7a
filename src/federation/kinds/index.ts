import { amazon } from './amazon.ts';
import { facebook } from './facebook.ts';
import { gitHub } from './git-hub.ts';
import type { ProviderKind } from './kind.ts';
import { linkedIn } from './linked-in.ts';
import { qq } from './qq.ts';
import { weChat } from './we-chat.ts';
import { weibo } from './weibo.ts';
import { x } from './x.ts';

/** Every kind of foreign provider, one line each. */
export const kinds: readonly ProviderKind[] = [amazon, facebook, gitHub, linkedIn, qq, weChat, weibo, x];
