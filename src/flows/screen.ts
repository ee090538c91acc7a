import type { Value } from './localization/value.ts';

/**
 * Words by message id; `pages/languages` owns the text. `values` fill `{name}` placeholders: a number or a length of time is
 * written as the language does, a value that is itself a `Text` is translated first. `literal` is for words an administrator wrote (attribute labels).
 */
export type Text =
  | { readonly id: string; readonly values?: Readonly<Record<string, Value | Text>> }
  | { readonly literal: string };

export interface Message {
  readonly tone: 'error' | 'success' | 'info';
  readonly text: Text;
}

/** One thing the person can fill in. `name` is the claim id of the b2c contract (e.4): it becomes the element's id and name. */
export interface Field {
  readonly name: string;
  readonly input: 'text' | 'email' | 'password' | 'code' | 'dropdown' | 'radio' | 'checkboxes' | 'date' | 'number';
  readonly label: Text;
  /** What to know before filling it in, one sentence each. */
  readonly help?: readonly Text[];
  readonly required: boolean;
  readonly readOnly?: boolean;
  /** What was typed before, so that nothing is lost when the page comes back. Never a password or a code. */
  readonly value?: string;
  /** HTML autofill detail token, e.g. `new-password`. */
  readonly autocomplete?: string;
  readonly maxLength?: number;
  readonly choices?: readonly { readonly value: string; readonly label: Text }[];
  /** What is wrong with it, shown beside it. */
  readonly errors?: readonly Text[];
}

/**
 * A field whose value must be proved with a code before the page can be continued. The page itself offers what the state
 * allows, with its own words, as actions named by the element ids of the b2c contract (e.4):
 * `initial`: `{field}_ver_but_send`; `sent`: `{field}_ver_but_verify`, `{field}_ver_but_resend`, `{field}_ver_but_edit`;
 * `verified`: `{field}_ver_but_edit`. The code arrives as the value `{field}_ver_input`. None of these stand in `actions` or
 * `fields`. Until the state is `verified` the page asks for nothing but the proof; other values come back as they were.
 */
export interface Verification {
  /** The field it proves, by name; it stands in `fields` too. */
  readonly field: string;
  readonly state: 'initial' | 'sent' | 'verified';
  /** Info, success or failure about the proof itself. */
  readonly messages: readonly Message[];
}

/** Something the person can press. Every action posts the whole form; `name` arrives as `Input.action`. */
export interface Action {
  readonly name: string;
  readonly label: Text;
  readonly style: 'primary' | 'secondary' | 'link';
  /** Words before a link, e.g. "No account yet?". */
  readonly intro?: Text;
}

/** What the person sees, as data: HTML, native clients and tests read the same value. */
export interface Screen {
  /** Content definition id without `api.` (b2c contract e.1), e.g. `signuporsignin`; chooses the page's layout. */
  readonly id: string;
  readonly heading: Text;
  readonly intro?: Text;
  readonly messages: readonly Message[];
  readonly fields: readonly Field[];
  readonly verification?: Verification;
  readonly actions: readonly Action[];
}

/** Names of what a verification offers and of the value that holds the code; see `Verification`. */
export const proofNames = (field: string) =>
  ({
    send: `${field}_ver_but_send`,
    verify: `${field}_ver_but_verify`,
    resend: `${field}_ver_but_resend`,
    edit: `${field}_ver_but_edit`,
    code: `${field}_ver_input`,
  }) as const;

const proofActions = { initial: ['send'], sent: ['verify', 'resend', 'edit'], verified: ['edit'] } as const;

/** True when the person can press this on the screen: only then may a step see it. */
export function offers({ actions, verification }: Screen, action: string): boolean {
  if (actions.some(({ name }) => name === action)) return true;
  if (!verification) return false;
  const names = proofNames(verification.field);
  return proofActions[verification.state].some((which) => names[which] === action);
}
