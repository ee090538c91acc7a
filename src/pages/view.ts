import type { JourneyClient } from '../flows/index.ts';
import type { Voice } from './words.ts';

/** What a layout needs besides the screen. */
export interface View {
  readonly voice: Voice;
  readonly tenantName: string;
  readonly client: JourneyClient;
  readonly csrf: string;
  readonly revision: number;
}
