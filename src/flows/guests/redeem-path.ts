/** Path and query of the page where the holder of an invitation's ticket accepts it. */
export const redeemPath = (tenantName: string, ticket: string): string => `/${tenantName}/redeem?ticket=${ticket}`;
