import { actionOn, entity } from '../entity.ts';
import { string } from '../property.ts';
import {
  authenticationConfiguration,
  behaviorOnError,
  clientConfiguration,
  endpointConfiguration,
  validationResult,
} from './custom-extension-configuration.ts';

const read = ['CustomAuthenticationExtension.Read.All', 'CustomAuthenticationExtension.ReadWrite.All'] as const;

/** An API outside that is called on an event. */
export const customCalloutExtension = entity('customCalloutExtension', {
  abstract: true,
  properties: {
    displayName: string({ nullable: true, maxLength: 256, indexed: true }),
    description: string({ nullable: true, maxLength: 1024, text: 'lines' }),
    endpointConfiguration,
    authenticationConfiguration,
    clientConfiguration,
  },
  permissions: { read, write: ['CustomAuthenticationExtension.ReadWrite.All'] },
  source: 'https://learn.microsoft.com/graph/api/resources/customcalloutextension',
});

/** Calling it checks and changes nothing, so whoever may read may call it (published permission table). */
const validate = { returns: validationResult, permissions: read };

/** An API outside that is called while somebody signs up or in. */
export const customAuthenticationExtension = entity('customAuthenticationExtension', {
  base: customCalloutExtension,
  abstract: true,
  set: { path: 'identity/customAuthenticationExtensions', typedPatch: true },
  properties: { behaviorOnError },
  operations: {
    /** Of a configuration that is not stored yet. */
    validateAuthenticationConfiguration: actionOn('collection', {
      parameters: { endpointConfiguration, authenticationConfiguration },
      ...validate,
    }),
  },
  source: 'https://learn.microsoft.com/graph/api/resources/customauthenticationextension',
});

/** Of a stored extension: the same operation, without parameters. It stands on each concrete type, where it takes the other's place. */
export const extensionOperations = { validateAuthenticationConfiguration: actionOn('entity', validate) };
