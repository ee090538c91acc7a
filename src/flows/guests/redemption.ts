import type { Directory } from '../../directory/index.ts';
import type { Identity } from '../../identity/index.ts';
import type { Flows, Host, Start } from '../host.ts';

/** Id of the plan by which invitations are accepted. It cannot be asked for by applications: no flow is stored under it. */
export const redemptionFlow = 'redemption';

/** Path and query of the page where the holder of an invitation's ticket accepts it. */
export const redeemPath = (tenantName: string, ticket: string): string => `/${tenantName}/redeem?ticket=${ticket}`;

/** Before the address that the person goes to afterwards, in what their journey tells its host. */
const mark = 'redemption:';

/** No application asked for it. */
const noApp = '00000000-0000-0000-0000-000000000000';

/** What is known of the browser that opens the link. */
export type Redeeming = Pick<Start, 'acceptLanguages' | 'sender' | 'correlationId'>;

/** A host that leads people from their invitation to where they were invited to, and leaves all others to the given one. */
export const withRedemptions = (host: Host): Host => {
  const destinationOf = (hostRef: string) => (hostRef.startsWith(mark) ? hostRef.slice(mark.length) : undefined);
  return {
    arrive: async (hostRef, arrival, close) => destinationOf(hostRef) ?? host.arrive(hostRef, arrival, close),
    refuse: async (hostRef, refusal, detail, close) =>
      destinationOf(hostRef) ?? host.refuse(hostRef, refusal, detail, close),
    stands: (standing) => host.stands(standing),
  };
};

export function createRedemptions(
  { directory, identity }: { readonly directory: Directory; readonly identity: Identity },
  start: Flows['start'],
): Pick<Flows, 'redeem'> {
  return {
    async redeem(ticket, redeeming) {
      const invitation = await identity.guests.openInvitation(ticket);
      if (!invitation) return undefined;
      const { displayName } = await identity.settings();
      const { journeyId, browserSecret } = await start({
        ...redeeming,
        flowId: redemptionFlow,
        hostRef: `${mark}${invitation.redirectUrl}`,
        client: { appId: noApp, displayName },
        invitation: invitation.id,
        uiLocales: [],
      });
      return { tenantId: directory.tenant.id, journeyId, browserSecret };
    },
  };
}
