import type { Flows, Move, Screen, Sender } from '../../flows/index.ts';
import { proofActionsOf, proofNames } from '../../flows/index.ts';
import { newId } from '../../kernel/index.ts';
import type { Voice } from '../../pages/index.ts';
import type { Terminal } from '../command.ts';
import type { Questions } from './questions.ts';

export interface WalkMeans {
  readonly flows: Flows;
  readonly questions: Questions;
  readonly terminal: Pick<Terminal, 'out'>;
  readonly voice: Voice;
}

type Shown = Extract<Move, { kind: 'show' }>;

const sender: Sender = { address: '127.0.0.1', userAgent: 'usher flow run', device: undefined, origin: undefined };
const client = { appId: '00000000-0000-0000-0000-000000000000', displayName: 'usher flow run' };

/** Walks a user flow as a browser would; resolves to the address at its end, `undefined` when nobody answers any more. */
export async function walkFlow(flowId: string, means: WalkMeans): Promise<string | undefined> {
  const { flows } = means;
  const correlationId = newId();
  const languages = { uiLocales: ['en'], acceptLanguages: [] };
  const begun = await flows.start({ flowId, hostRef: correlationId, client, ...languages, sender, correlationId });
  const { journeyId, browserSecret } = begun;
  let move = await flows.look(journeyId, browserSecret);
  while (move.kind === 'show') {
    const input = await answer(move, means);
    if (!input) return undefined;
    move = await flows.answer(journeyId, browserSecret, move.revision, input, sender);
  }
  return move.url;
}

/** Shows the screen, asks for each field, then for what to press. */
async function answer({ screen }: Shown, means: WalkMeans) {
  show(screen, means);
  const values: Record<string, string> = {};
  for (const field of fieldsOf(screen)) {
    const typed = await means.questions.ask(promptOf(field, means.voice), field.input === 'password');
    if (typed === undefined) return undefined;
    const value = typed === '' ? field.value : typed;
    if (value !== undefined) values[field.name] = value;
  }
  const action = await choose(screen, means);
  return action === undefined ? undefined : { action, values };
}

function show({ heading, intro, messages, exhibits = [], verification }: Screen, { terminal, voice }: WalkMeans): void {
  terminal.out(`\n== ${voice.tell(heading)} ==\n`);
  if (intro) terminal.out(`${voice.tell(intro)}\n`);
  for (const exhibit of exhibits) {
    if (exhibit.kind === 'paragraph') terminal.out(`${voice.tell(exhibit.text)}\n`);
    else if (exhibit.kind === 'qrCode') terminal.out(`${voice.tell(exhibit.label)}: ${exhibit.content}\n`);
    else if (exhibit.kind === 'secret') terminal.out(`${voice.tell(exhibit.label)}: ${exhibit.value}\n`);
    else terminal.out(`${voice.tell(exhibit.label)}:\n${exhibit.values.map((value) => `  ${value}\n`).join('')}`);
  }
  for (const { tone, text } of [...messages, ...(verification?.messages ?? [])]) {
    terminal.out(`${tone === 'error' ? '!' : '-'} ${voice.tell(text)}\n`);
  }
}

type Field = Screen['fields'][number];

/** While an address has to be proved there is only that, or the code for it. */
function fieldsOf({ fields, verification }: Screen): readonly Field[] {
  if (!verification || verification.state === 'verified') return fields.filter(({ readOnly }) => !readOnly);
  if (verification.state === 'initial') return fields.filter(({ name }) => name === verification.field);
  const name = proofNames(verification).code;
  return [{ name, input: 'code', label: { id: 'page.verification.code' }, required: true }];
}

/** How to type what a page has more than one line of text for. */
const spellings: Readonly<Partial<Record<Field['input'], string>>> = {
  checkbox: "'true', or nothing",
  checkboxes: 'one or more, with commas between them',
  date: 'year-month-day, 1990-02-28',
  phone: 'with the code of its country, +4915112345678',
};

function promptOf(field: Field, voice: Voice): string {
  const { choices = [], errors = [], help = [], value, required } = field;
  const wrong = errors.map((text) => `! ${voice.tell(text)}\n`).join('');
  const hints = help.map((text) => `  ${voice.tell(text)}\n`).join('');
  const offered = choices.map((choice) => `  ${choice.value} = ${voice.tell(choice.label)}\n`).join('');
  const spelling = spellings[field.input];
  const notes = [spelling, required || value !== undefined ? undefined : 'optional'].filter(
    (note) => note !== undefined,
  );
  const told = notes.length > 0 ? ` (${notes.join('; ')})` : '';
  const kept = value === undefined ? '' : ` [${value}]`;
  return `${wrong}${hints}${offered}${voice.tell(field.label)}${told}${kept}: `;
}

/** What can be pressed, the main button first. */
function buttonsOf(
  { actions, verification }: Screen,
  voice: Voice,
): readonly (readonly [action: string, label: string])[] {
  const order = { primary: 0, secondary: 1, link: 2 };
  const own = actions.map((action) => [action.name, voice.tell(action.label), order[action.style]] as const);
  const isPending = verification !== undefined && verification.state !== 'verified';
  const sorted = own.filter(([, , rank]) => !isPending || rank > 0).sort(([, , a], [, , b]) => a - b);
  const rest = sorted.map(([name, label]) => [name, label] as const);
  if (!verification) return rest;
  const names = proofNames(verification);
  const proof = proofActionsOf(verification).map(
    (what) => [names[what], voice.say(`page.verification.${what}`)] as const,
  );
  return isPending ? [...proof, ...rest] : [...rest, ...proof];
}

async function choose(screen: Screen, { questions, terminal, voice }: WalkMeans): Promise<string | undefined> {
  const buttons = buttonsOf(screen, voice);
  const list = buttons.map(([, label], index) => `  ${index + 1} ${label}\n`).join('');
  for (;;) {
    const typed = await questions.ask(`${list}Press [1]: `);
    if (typed === undefined) return undefined;
    const text = typed.trim();
    const chosen = text === '' ? buttons[0] : (buttons[Number(text) - 1] ?? buttons.find(([name]) => name === text));
    if (chosen) return chosen[0];
    terminal.out(`There is no '${text}' here.\n`);
  }
}
