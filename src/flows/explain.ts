import type { Facts } from './facts.ts';
import type { Condition, Plan, PlannedStep } from './plan.ts';
import { steps } from './steps/index.ts';

/** One step of a plan in words. */
export interface ExplainedStep {
  readonly number: number;
  readonly kind: string;
  /** What it does, as the settings of the flow have it. */
  readonly does: string;
  /** Under which conditions; null: always. */
  readonly when: string | null;
}

/** What a user flow does, for people and for diagrams. */
export interface Explanation {
  readonly flowId: string;
  readonly steps: readonly ExplainedStep[];
  /** All of it as lines of English. */
  readonly text: string;
  /** The same as a Mermaid flowchart. */
  readonly mermaid: string;
}

/** What a condition asks, with its answers; `known`: any. What is not listed is said by its name. */
const questions: { readonly [F in keyof Facts]?: Readonly<Record<string, string>> } = {
  intent: {
    signIn: 'the person signs in',
    signUp: 'the person wants an account',
    resetPassword: 'the person forgot the password',
  },
  accountKind: {
    emailWithPassword: 'they chose an account with address and password',
    userName: 'they chose an account with a user name',
    phone: 'they chose an account with a number',
    emailCode: 'they chose an account with mailed codes',
    null: 'the kind of account is not chosen yet',
  },
  foreign: { null: 'no provider has proved who the person is', known: 'a provider has proved who the person is' },
  userId: { null: 'nobody is signed in yet', known: 'it is known who the person is' },
  newUser: { true: 'the account is new' },
  secondFactor: {
    required: 'a second factor is required',
    proved: 'a second factor was proved',
    null: 'no second factor was asked for',
  },
  mustChangePassword: {
    forced: 'the password was set by an administrator',
    expired: 'the password is too old',
    null: 'the password can stay',
    known: 'the password has to be replaced',
  },
  passwordHash: { null: 'no password was chosen' },
  amr: { null: 'nothing was proved yet' },
  enrolled: { known: 'something was set up on the way' },
  age: { known: 'the age was asked on the way' },
};

function sentenceOf(condition: Condition): string {
  const { fact } = condition;
  const value = String('is' in condition ? condition.is : condition.isNot);
  const known = questions[fact]?.[value];
  if ('is' in condition) return known ?? (value === 'null' ? `${fact} is not known` : `${fact} is ${value}`);
  if (value === 'null') return questions[fact]?.['known'] ?? `${fact} is known`;
  return known ? `not: ${known}` : `${fact} is not ${value}`;
}

const whenOf = ({ when = [] }: PlannedStep): string | null =>
  when.length === 0 ? null : when.map(sentenceOf).join(' and ');

function explained(planned: PlannedStep, index: number): ExplainedStep {
  const step = steps.get(planned.kind);
  const { kind } = planned;
  return { number: index + 1, kind, does: step?.explain(planned.settings) ?? kind, when: whenOf(planned) };
}

/** Characters that end a label, as entity codes (Mermaid, "Entity codes to escape characters"). */
const label = (text: string): string => `"${text.replace(/[#";<>&]/g, (mark) => `#${mark.codePointAt(0)};`)}"`;

/** A box for each step; before one that has conditions a question, past which the way goes on without it. */
function diagramOf(flowId: string, all: readonly ExplainedStep[]): string {
  const entry = (index: number): string => {
    const step = all[index];
    return step ? `${step.when === null ? 's' : 'c'}${step.number}` : 'done';
  };
  const lines = all.flatMap(({ number, kind, does, when }, index) => [
    ...(when === null
      ? []
      : [
          `  c${number}{${label(when)}}`,
          `  c${number} -->|yes| s${number}`,
          `  c${number} -->|no| ${entry(index + 1)}`,
        ]),
    `  s${number}[${label(`${number} ${kind}: ${does}`)}]`,
    `  s${number} --> ${entry(index + 1)}`,
  ]);
  return ['flowchart TD', `  begin([${label(flowId)}]) --> ${entry(0)}`, ...lines, '  done([signed in])', ''].join(
    '\n',
  );
}

/** Says in words and as a diagram what the plan does. */
export function explain({ flowId, steps: planned }: Plan): Explanation {
  const all = planned.map(explained);
  const lines = all.map(
    ({ number, kind, does, when }) => `${number}. ${when === null ? '' : `If ${when}: `}${does} (${kind})`,
  );
  const text = [`${flowId}`, ...lines, `Then the person is signed in.`, ''].join('\n');
  return { flowId, steps: all, text, mermaid: diagramOf(flowId, all) };
}
