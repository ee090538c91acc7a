/**
 * How a person calls this program. In a checkout never by name, since `npx` would then fetch whatever package of that name
 * the registry has.
 */
export const ownName = import.meta.url.endsWith('.ts') ? 'node bin/usher.mjs' : 'npx usher';
