/** What the faces have in common: the exchange, the reply, cookies, headers and the listener that carries them. */

export { type Exchange, type Face, type Reply, taken } from './face.ts';
export { faults as httpFaults } from './faults.ts';
