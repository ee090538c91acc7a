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
  readonly input:
    | 'text'
    | 'email'
    | 'password'
    | 'code'
    | 'dropdown'
    | 'radio'
    | 'checkboxes'
    /** One box; ticked it arrives as `true`, else not at all. */
    | 'checkbox'
    | 'date'
    | 'number'
    /** Country and number; arrives as one value, E.164 where it could be read, else as it was typed. */
    | 'phone';
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
 * allows, as actions named by the element ids of the b2c contract (e.4, see `proofNames`): `initial`: send; `sent`: verify,
 * resend, edit; `verified`: edit. None of these stand in `actions` or `fields`, nor does the code. Until the state is
 * `verified` the page asks for nothing but the proof; other values come back as they were.
 */
export interface Verification {
  /** The field it proves, by name; it stands in `fields` too. */
  readonly field: string;
  /** Absent: the ids of the older pages (`email_ver_but_send`); else those of a display control (`emailVerificationControl_but_send_code`). */
  readonly control?: VerificationControl;
  /** The page does not let the value be changed: it is on record. */
  readonly isFixed?: true;
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
  /** What is shown and not filled in, above the fields. */
  readonly exhibits?: readonly Exhibit[];
  /** Lets the browser prove or make a passkey (WebAuthn §5.1); without JavaScript the page offers only its other ways. */
  readonly passkey?: PasskeyCeremony;
  readonly actions: readonly Action[];
}

/** What a page shows besides words. */
export type Exhibit =
  /** A QR code of the text, with the id of the control around it (b2c contract e.1: `totpQrCodeControl`). */
  | { readonly kind: 'qrCode'; readonly id: string; readonly content: string; readonly label: Text }
  /** Something to type elsewhere, letter by letter. */
  | { readonly kind: 'secret'; readonly id: string; readonly label: Text; readonly value: string }
  /** Codes to write down, print or copy. */
  | { readonly kind: 'codes'; readonly id: string; readonly label: Text; readonly values: readonly string[] }
  | { readonly kind: 'paragraph'; readonly text: Text };

export interface PasskeyCeremony {
  readonly ceremony: 'create' | 'get';
  /** Options as JSON (WebAuthn §5.4, §5.5: `PublicKeyCredentialCreationOptionsJSON`, `…RequestOptionsJSON`). */
  readonly options: Readonly<Record<string, unknown>>;
  /** The action the page presses with the browser's answer, as JSON text in the value `passkey`. */
  readonly action: string;
  /** Offered beside the name field before anything is pressed (conditional mediation). */
  readonly isConditional?: true;
}

export type VerificationControl = 'emailVerificationControl' | 'phoneVerificationControl';

const codeFields: Readonly<Record<VerificationControl, string>> = {
  emailVerificationControl: 'emailVerificationCode',
  phoneVerificationControl: 'phoneVerificationCode',
};

/** Names of what a verification offers and of the value that holds the code; see `Verification`. */
export const proofNames = ({ field, control }: Pick<Verification, 'field' | 'control'>) =>
  control === undefined
    ? ({
        send: `${field}_ver_but_send`,
        verify: `${field}_ver_but_verify`,
        resend: `${field}_ver_but_resend`,
        edit: `${field}_ver_but_edit`,
        code: `${field}_ver_input`,
      } as const)
    : ({
        send: `${control}_but_send_code`,
        verify: `${control}_but_verify_code`,
        resend: `${control}_but_send_new_code`,
        edit: `${control}_but_change_claims`,
        code: codeFields[control],
      } as const);

const proofActions = { initial: ['send'], sent: ['verify', 'resend', 'edit'], verified: ['edit'] } as const;

/** What can be pressed of a verification as it stands, the first one first; see `proofNames`. */
export const proofActionsOf = ({ state, isFixed }: Pick<Verification, 'state' | 'isFixed'>) =>
  proofActions[state].filter((which) => which !== 'edit' || !isFixed);

/** True when the person can press this on the screen: only then may a step see it. */
export function offers({ actions, verification, passkey }: Screen, action: string): boolean {
  if (actions.some(({ name }) => name === action) || passkey?.action === action) return true;
  if (!verification) return false;
  const names = proofNames(verification);
  return proofActionsOf(verification).some((which) => names[which] === action);
}
