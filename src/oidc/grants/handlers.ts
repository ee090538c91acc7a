import type { Directory } from '../../directory/index.ts';
import type { Identity } from '../../identity/index.ts';
import type { Ephemeral } from '../../store/index.ts';
import type { Clients } from '../clients.ts';
import { deviceGrantType } from '../standards/device-grant-type.ts';
import { authorizationCodeGrant } from './authorization-code.ts';
import { clientCredentialsGrant } from './client-credentials.ts';
import { deviceCodeGrant } from './device-code.ts';
import type { GrantHandlers } from './grant.ts';
import type { IssueServices } from './issue.ts';
import { passwordGrant } from './password.ts';
import type { RedeemServices } from './redeem.ts';
import { refreshTokenGrant } from './refresh-token.ts';

interface Services extends IssueServices, RedeemServices {
  readonly identity: Identity;
  readonly clients: Clients;
  readonly directory: Directory;
  readonly ephemeral: Ephemeral;
}

export const createGrantHandlers = (services: Services): GrantHandlers =>
  new Map([
    ['authorization_code', authorizationCodeGrant(services)],
    ['refresh_token', refreshTokenGrant(services)],
    ['client_credentials', clientCredentialsGrant(services)],
    ['password', passwordGrant(services)],
    [deviceGrantType, deviceCodeGrant(services)],
  ]);
