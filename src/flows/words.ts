import { engineWords } from './engine.ts';
import { letterWords } from './proof/letter.ts';
import { textMessageWords } from './proof/text-message.ts';
import { steps } from './steps/index.ts';

/** Every message id that a journey can show or send, once; each language has a text for each of them. */
export const flowWords: readonly string[] = [
  ...new Set([
    ...engineWords,
    ...letterWords,
    ...textMessageWords,
    ...[...steps.values()].flatMap(({ words }) => words),
  ]),
].sort();
