import type { JourneyClient } from '../flows/index.ts';
import type { Look } from './look.ts';
import type { Voice } from './words.ts';

/** What a layout needs besides the screen. */
export interface View {
  readonly voice: Voice;
  readonly look: Look;
  readonly tenantName: string;
  readonly client: JourneyClient;
  readonly csrf: string;
  readonly revision: number;
}
