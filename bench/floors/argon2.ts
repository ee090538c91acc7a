/** How many passwords a core can verify: the library, the parameters and the threads of the server, and nothing else. Arguments: memory in KiB, passes. */
import { availableParallelism } from 'node:os';
import { createHasher } from '../../src/identity/hasher.ts';
import { computing } from './computing.ts';

const [memory = '19456', passes = '2'] = process.argv.slice(2);
const hasher = createHasher({ memoryKib: Number(memory), passes: Number(passes) });
const password = 'Correct-horse-7';
const phc = await hasher.hash(password);

computing(availableParallelism(), async () => {
  if (!(await hasher.verify(phc, password))) throw new Error('A password does not fit its own hash.');
});
