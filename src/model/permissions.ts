/** Microsoft Graph's own application id, the same in every tenant. */
export const graphAppId = '00000003-0000-0000-c000-000000000000';

/**
 * Application permissions of Graph by name, with the ids Microsoft publishes for them: a `requiredResourceAccess` written
 * for the cloud means the same here. https://learn.microsoft.com/graph/permissions-reference
 */
export const graphPermissions = {
  'APIConnectors.Read.All': 'b86848a7-d5b1-41eb-a9b4-54a4e6306e97',
  'APIConnectors.ReadWrite.All': '1dfe531a-24a6-4f1b-80f4-7a0dc5a0a171',
  'Application.Read.All': '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
  'Application.ReadWrite.All': '1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9',
  'Application.ReadWrite.OwnedBy': '18a4783c-866b-4cc7-a460-3d5e5662c884',
  'AppRoleAssignment.ReadWrite.All': '06b708a9-e830-4db3-a914-8e69da51d44f',
  'AuditLog.Read.All': 'b0afded3-3588-46d8-8b3d-9842eff778da',
  'CustomAuthenticationExtension.Read.All': '88bb2658-5d9e-454f-aacd-a3933e079526',
  'CustomAuthenticationExtension.ReadWrite.All': 'c2667967-7050-4e7e-b059-4cbbb3811d03',
  'CustomAuthenticationExtension.Receive.Payload': '214e810f-fda8-4fd7-a475-29461495eb00',
  'Directory.Read.All': '7ab1d382-f21e-4acd-a863-ba3e13f7da61',
  'Directory.ReadWrite.All': '19dbc75e-c2e2-444c-a770-ec69d8559fc7',
  'Domain.Read.All': 'dbb9058a-0e50-45d7-ae91-66909b5d4664',
  'Domain.ReadWrite.All': '7e05723c-0bb0-42da-be95-ae9f08a6e53c',
  'EventListener.Read.All': 'b7f6385c-6ce6-4639-a480-e23c42ed9784',
  'EventListener.ReadWrite.All': '0edf5e9e-4ce8-468a-8432-d08631d18c43',
  'IdentityProvider.Read.All': 'e321f0bb-e7f7-481e-bb28-e3b0b32d4bd0',
  'IdentityProvider.ReadWrite.All': '90db2b9a-d928-4d33-a4dd-8442ae3d41e4',
  'IdentityRiskEvent.ReadWrite.All': 'db06fb33-1953-4b7b-a2ac-f1e2c854f7ae',
  'IdentityRiskyUser.ReadWrite.All': '656f6061-f9fe-4807-9708-6a2e0934df76',
  'IdentityUserFlow.Read.All': '1b0c317f-dd31-4305-9932-259a8b6e8099',
  'IdentityUserFlow.ReadWrite.All': '65319a09-a2be-469d-8782-f6b07debf789',
  'Organization.Read.All': '498476ce-e0fe-48b0-b801-37ba7e2685c6',
  'Organization.ReadWrite.All': '292d869f-3427-49a8-9dab-8c70152b74e9',
  'Policy.Read.All': '246dd0d5-5bd0-4def-940b-0421030a5b68',
  'Policy.ReadWrite.ApplicationConfiguration': 'be74164b-cff1-491c-8741-e671cb536e13',
  'Policy.ReadWrite.AuthenticationFlows': '25f85f3c-f66c-4205-8cd5-de92dd7f0cec',
  'Policy.ReadWrite.AuthenticationMethod': '29c18626-4985-4dcd-85c0-193eef327366',
  'Policy.ReadWrite.TrustFramework': '79a677f7-b79d-40d0-a36a-3e6f8688dd7a',
  'User.DeleteRestore.All': 'eccc023d-eccf-4e7b-9683-8813ab36cecc',
  'User.Invite.All': '09850681-111b-4a89-9bed-3f2cae46d706',
  'User.ManageIdentities.All': 'c529cfca-c91b-489c-af2b-d92990b66ce6',
  'User.Read.All': 'df021288-bdef-4463-88db-98f22de89214',
  'User.ReadBasic.All': '97235f07-e226-4f63-ace3-39588e11d3a1',
  'User.ReadWrite.All': '741f803b-c850-494e-b5df-cde7c675a1ca',
  'User.RevokeSessions.All': '77f3a031-c388-4f99-b373-dc68676a979e',
  'UserAuthenticationMethod.Read.All': '38d9df27-64da-44fd-b7c5-a6fbac20248f',
  'UserAuthenticationMethod.ReadWrite.All': '50483e42-d915-4231-9639-7fdb7fd190e5',
  /** This server's own: Microsoft has no resources like them. */
  'Usher.Journey.Read.All': '5d0c5a4e-6f0b-4c5e-9a43-0f6d1c1b7a20',
  'Usher.Webhook.Read.All': 'ef3ca0d8-16e4-4bc1-9ccd-397ac7a63fd2',
  'Usher.Webhook.ReadWrite.All': 'f5246033-a286-4414-afdb-4ec99a89e2b1',
} as const;

/** A permission that an application can hold on its own. */
export type ApplicationPermission = keyof typeof graphPermissions;

/** A permission by the name that declarations and tokens use; a typing error would close a resource without a word. */
export type PermissionName = ApplicationPermission | DelegatedOnly;

/** What only a person can delegate to an application, about what concerns that person. */
type DelegatedOnly = 'User.Read';

/** False for one that only a person can delegate. */
export const isApplicationPermission = (name: string): name is ApplicationPermission =>
  Object.hasOwn(graphPermissions, name);

const byId: ReadonlyMap<string, string> = new Map(Object.entries(graphPermissions).map(([name, id]) => [id, name]));

/** The `roles` name of a permission id; undefined for one this server has no resource for. */
export const graphPermissionName = (id: string): string | undefined => byId.get(id);
