import type { PermissionName } from './permissions.ts';

/**
 * The delegated permissions, with the ids Microsoft publishes for them. Most have a namesake for applications; some permissions exist for
 * applications only, some for persons only.
 * https://learn.microsoft.com/graph/permissions-reference
 */
export const graphDelegatedPermissions: Readonly<Partial<Record<PermissionName, string>>> = {
  'APIConnectors.Read.All': '1b6ff35f-31df-4332-8571-d31ea5a4893f',
  'APIConnectors.ReadWrite.All': 'c67b52c5-7c69-48b6-9d48-7b3af3ded914',
  'Application.Read.All': 'c79f8feb-a9db-4090-85f9-90d820caa0eb',
  'Application.ReadWrite.All': 'bdfbf15f-ee85-4955-8675-146e8e5296b5',
  'AppRoleAssignment.ReadWrite.All': '84bccea3-f856-4a8a-967b-dbe0a3d53a64',
  'AuditLog.Read.All': 'e4c9e354-4dc5-45b8-9e7c-e1393b0b1a20',
  'CustomAuthenticationExtension.Read.All': 'b2052569-c98c-4f36-a5fb-43e5c111e6d0',
  'CustomAuthenticationExtension.ReadWrite.All': '8dfcf82f-15d0-43b3-bc78-a958a13a5792',
  'Directory.Read.All': '06da0dbc-49e2-44d2-8312-53f166ab848a',
  'Directory.ReadWrite.All': 'c5366453-9fb0-48a5-a156-24f0c49a4b84',
  'Domain.Read.All': '2f9ee017-59c1-4f1d-9472-bd5529a7b311',
  'Domain.ReadWrite.All': '0b5d694c-a244-4bde-86e6-eb5cd07730fe',
  'EventListener.Read.All': 'f7dd3bed-5eec-48da-bc73-1c0ef50bc9a1',
  'EventListener.ReadWrite.All': 'd11625a6-fe21-4fc6-8d3d-063eba5525ad',
  'IdentityProvider.Read.All': '43781733-b5a7-4d1b-98f4-e8edff23e1a9',
  'IdentityProvider.ReadWrite.All': 'f13ce604-1677-429f-90bd-8a10b9f01325',
  'IdentityRiskEvent.ReadWrite.All': '9e4862a5-b68f-479e-848a-4e07e25c9916',
  'IdentityRiskyUser.ReadWrite.All': 'e0a7cdbb-08b0-4697-8264-0069786e9674',
  'IdentityUserFlow.Read.All': '2903d63d-4611-4d43-99ce-a33f3f52e343',
  'IdentityUserFlow.ReadWrite.All': '281892cc-4dbf-4e3a-b6cc-b21029bb4e82',
  'Organization.Read.All': '4908d5b9-3fb2-4b1e-9336-1888b7937185',
  'Organization.ReadWrite.All': '46ca0847-7e6b-426e-9775-ea810a948356',
  'Policy.Read.All': '572fea84-0151-49b2-9301-11cb16974376',
  'Policy.ReadWrite.ApplicationConfiguration': 'b27add92-efb2-4f16-84f5-8108ba77985c',
  'Policy.ReadWrite.AuthenticationFlows': 'edb72de9-4252-4d03-a925-451deef99db7',
  'Policy.ReadWrite.AuthenticationMethod': '7e823077-d88e-468f-a337-e18f1f0e6c7c',
  'Policy.ReadWrite.TrustFramework': 'cefba324-1a70-4a6e-9c1d-fd670b7ae392',
  'User.DeleteRestore.All': '4bb440cd-2cf2-4f90-8004-aa2acd2537c5',
  'User.Invite.All': '63dd7cd9-b489-4adf-a28c-ac38b9a0f962',
  'User.ManageIdentities.All': '637d7bec-b31e-4deb-acc9-24275642a2c9',
  'User.Read': 'e1fe6dd8-ba31-4d61-89e7-88639da4683d',
  'User.Read.All': 'a154be20-db9c-4678-8ab7-66f6cc099a59',
  'User.ReadBasic.All': 'b340eb25-3456-403f-be2f-af7a0d370277',
  'User.ReadWrite.All': '204e0828-b5ca-4ad8-b9f3-f32a958e7cc4',
  'User.RevokeSessions.All': 'fc30e98b-8810-4501-81f5-c20a3196387b',
  'UserAuthenticationMethod.Read.All': 'aec28ec7-4d02-4e8c-b864-50163aea77eb',
  'UserAuthenticationMethod.ReadWrite.All': 'b7887744-6746-4312-813d-72daeaee7e2d',
};
