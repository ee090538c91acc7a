/** How many tokens a core can sign: RS256 with a key of 2048 bits over as many bytes as an ID token has. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { computing } from './computing.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const input = randomBytes(900);

computing(1, async () => void sign('sha256', input, privateKey));
