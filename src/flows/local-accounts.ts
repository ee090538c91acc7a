import { fold } from '../model/index.ts';

/** The method of sign-in, as `authenticationMethods` names it, and the built-in provider that stands for it. */
const method = 'emailWithPassword';
const provider = 'EmailPassword-OAUTH';

const isProvider = (id: string): boolean => fold(id) === fold(provider);

/** `authenticationMethods` of a new flow: local accounts unless only other providers were sent (Graph contract c.3). */
export const methodsFor = (providers: readonly string[]): string =>
  providers.length === 0 || providers.some(isProvider) ? method : '0';

/**
 * Local accounts are offered when the flow was made for them (`authenticationMethods`, settled when it is created) or their
 * built-in provider is linked now. So linking it later adds them, unlinking takes away only what linking had added, and
 * linking or unlinking other providers changes nothing about them. Graph's documentation is silent here: the rule is ours.
 */
export const offersLocalAccounts = (authenticationMethods: unknown, providers: readonly string[]): boolean =>
  providers.some(isProvider) ||
  (typeof authenticationMethods === 'string' &&
    authenticationMethods.split(',').some((name) => fold(name.trim()) === fold(method)));
