import { entity } from '../entity.ts';
import { boolean } from '../property.ts';

/** Which kinds of local accounts an administrator can offer (Graph contract b.13). */
export const b2cAuthenticationMethodsPolicy = entity('b2cAuthenticationMethodsPolicy', {
  set: {
    path: 'policies/b2cAuthenticationMethodsPolicy',
    /** As the reference shows it. */
    context: 'b2cAuthenticationMethodsPolicy',
    versions: ['beta'],
    methods: ['get', 'update'],
    singleton: 'b2CAuthenticationMethodsPolicy',
  },
  properties: {
    isEmailPasswordAuthenticationEnabled: boolean({ default: true }),
    isUserNameAuthenticationEnabled: boolean({ default: false }),
    isPhoneOneTimePasswordAuthenticationEnabled: boolean({ default: false }),
  },
  permissions: { read: ['Policy.Read.All'], write: ['Policy.ReadWrite.AuthenticationMethod'] },
  source: 'https://learn.microsoft.com/graph/api/resources/b2cauthenticationmethodspolicy?view=graph-rest-beta',
});
