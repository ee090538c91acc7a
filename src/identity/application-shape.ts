import { type Draft, type EntityOf, type entities, fold } from '../model/index.ts';
import { checkSettings } from './application-settings.ts';
import { choice } from './choice.ts';
import { faults } from './faults.ts';

type Application = EntityOf<typeof entities.application>;

const audiences = [
  'AzureADMyOrg',
  'AzureADMultipleOrgs',
  'AzureADandPersonalMicrosoftAccount',
  'PersonalMicrosoftAccount',
];
const memberTypes = ['User', 'Application'];
const consentTypes = ['User', 'Admin'];
const accessTypes = ['Scope', 'Role'];

/** The audience as Graph writes it; `checkShape` refuses one that is none. */
export function normalized(draft: Draft<typeof entities.application>): Draft<typeof entities.application> {
  const { signInAudience } = draft;
  const known = signInAudience && audiences.find((one) => fold(one) === fold(signInAudience));
  return known ? { ...draft, signInAudience: known } : draft;
}

/** Throws `identity.badChoice`, `identity.badWebUrl`, `identity.badSetting`. */
export function checkShape(application: Application): void {
  const { signInAudience, api, appRoles, requiredResourceAccess, info, web, settings } = application;
  checkSettings(settings);
  demandChoice('signInAudience', signInAudience, audiences);
  for (const { type } of api.oauth2PermissionScopes) {
    demandChoice('api/oauth2PermissionScopes/type', type, consentTypes);
  }
  for (const type of appRoles.flatMap(({ allowedMemberTypes }) => allowedMemberTypes)) {
    demandChoice('appRoles/allowedMemberTypes', type, memberTypes);
  }
  for (const { type } of requiredResourceAccess.flatMap(({ resourceAccess }) => resourceAccess)) {
    demandChoice('requiredResourceAccess/resourceAccess/type', type, accessTypes);
  }
  demandWebUrl('web/homePageUrl', web.homePageUrl);
  const { marketingUrl, privacyStatementUrl, supportUrl, termsOfServiceUrl } = info;
  for (const [name, url] of Object.entries({ marketingUrl, privacyStatementUrl, supportUrl, termsOfServiceUrl })) {
    demandWebUrl(`info/${name}`, url);
  }
}

function demandChoice(property: string, value: string | null, allowed: readonly string[]): void {
  if (value !== null) choice(property, value, allowed);
}

/** They are shown as links, so a scheme that runs must not get in. */
function demandWebUrl(property: string, url: string | null): void {
  if (url && (!/^https?:\/\/[^/]/i.test(url) || !URL.canParse(url))) throw faults.badWebUrl({ property });
}
