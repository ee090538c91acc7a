import type { JourneyClient } from '../flows/index.ts';
import type { Look } from './look.ts';
import type { Voice } from './words.ts';

/** What a layout needs besides the screen. */
export interface View {
  readonly voice: Voice;
  readonly look: Look;
  /** What the flow says on its pages in place of the server, by message id. */
  readonly own: Readonly<Record<string, string>>;
  readonly tenantName: string;
  readonly client: JourneyClient;
  readonly csrf: string;
  readonly revision: number;
}
