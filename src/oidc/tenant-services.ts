import type { Outside } from '../connectors/index.ts';
import type { Directory } from '../directory/index.ts';
import type { Flows, Wanted } from '../flows/index.ts';
import type { Reply } from '../http/index.ts';
import type { Identity, SignIns } from '../identity/index.ts';
import type { Admission, Clock, Observe, Trace } from '../kernel/index.ts';
import type { Store, Tenant } from '../store/index.ts';
import type { DevicePage } from './standards/device-view.ts';

/** What the protocol needs of one tenant. */
export interface TenantServices {
  readonly tenant: Tenant;
  readonly directory: Directory;
  readonly identity: Identity;
  /** Told how each sign-in came out. */
  readonly signIns: SignIns;
  readonly store: Store;
  /** Counts the sign-ins that are begun. */
  readonly admission: Admission;
  readonly clock: Clock;
  readonly observe: Observe;
  /** Nothing is traced when absent. */
  readonly trace?: Trace;
  /** Calls addresses that applications have registered. */
  readonly outside: Outside;
  /** Where somebody is signed out at a foreign provider, and sent back from; undefined: there is no such place. */
  readonly signOutUrlOf?: (providerId: string, returnTo: string) => Promise<string | undefined>;
  /** A thunk, since journeys in turn need this tenant's host. */
  readonly flows: () => Flows;
  /** The pages of the device flow. */
  readonly devicePage: DevicePage;
  /** What a person sees after signing out when nobody is waiting for them, in the language of the flow if one is named. */
  readonly signedOutPage: (wanted: Wanted, flowId: string | undefined) => Promise<Reply>;
}
