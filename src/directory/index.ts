/** The one way to read and write entities: validate, prepare, check, commit, announce. */

export { type Behaviour, behaviour, type CheckContext, type PrepareContext } from './behaviour.ts';
export type { CreateOptions, Directory, Versioned } from './directory.ts';
export { faults as directoryFaults } from './faults.ts';
