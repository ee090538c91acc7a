import { attributeWords } from '../attributes/built-in.ts';
import type { Message, Screen, Text } from '../screen.ts';
import type { Input, Outcome, Step, StepContext } from '../step.ts';

export interface SignInSettings {
  readonly email: { readonly label: Text };
  /** What "Forgot your password?" does: ends the journey with AADB2C90118, for the application to start a reset. */
  readonly forgotPassword: 'refuse';
  /** Offers to create an account. */
  readonly signUp: boolean;
}

const id = 'signuporsignin';
const word = (name: string): Text => ({ id: `${id}.${name}` });

const failures = {
  // One message for a wrong password and an unknown account, so that nobody can ask which addresses exist.
  wrong: 'DefaultMessage',
  locked: 'UserMessageIfUserAccountLocked',
  disabled: 'UserMessageIfUserAccountDisabled',
  // What B2C says when a password must be changed and the flow has no step to change it in.
  expired: 'UserMessageIfPasswordExpired',
} as const;

/** What a screen says besides its constant parts. */
interface State {
  readonly email: string;
  readonly messages?: readonly Message[];
  readonly errors?: { readonly email?: Text; readonly password?: Text };
}

function screenOf({ email: { label }, signUp }: SignInSettings, { email, messages = [], errors = {} }: State): Screen {
  return {
    id,
    heading: word('heading'),
    messages,
    fields: [
      {
        name: 'email',
        input: 'email',
        label,
        required: true,
        autocomplete: 'username',
        ...(email === '' ? {} : { value: email }),
        ...(errors.email ? { errors: [errors.email] } : {}),
      },
      {
        name: 'password',
        input: 'password',
        label: word('password'),
        required: true,
        autocomplete: 'current-password',
        ...(errors.password ? { errors: [errors.password] } : {}),
      },
    ],
    actions: [
      { name: 'next', label: word('button_signin'), style: 'primary' },
      { name: 'forgotPassword', label: word('forgotpassword_link'), style: 'link' },
      ...(signUp
        ? [
            {
              name: 'createAccount',
              label: word('createaccount_one_link'),
              style: 'link',
              intro: word('createaccount_intro'),
            } as const,
          ]
        : []),
    ],
  };
}

async function signIn(context: StepContext, settings: SignInSettings, { values }: Input): Promise<Outcome> {
  const email = (values['email'] ?? '').trim();
  const password = values['password'] ?? '';
  const errors = {
    ...missing(email, { id: `${id}.requiredField_generic`, values: { field: settings.email.label } }, settings),
    ...(password === '' ? { password: word('requiredField_password') } : {}),
  };
  if (Object.keys(errors).length > 0) return { kind: 'show', screen: screenOf(settings, { email, errors }) };

  const proof = await context.identity.provePassword(email, password);
  if (proof.kind !== 'proved') {
    const { kind: reason, account } = proof;
    const screen = screenOf(settings, { email, messages: [{ tone: 'error', text: word(failures[reason]) }] });
    return { kind: 'show', screen, failed: { reason, account, signInName: email } };
  }
  return { kind: 'next', learned: { intent: 'signIn', signInName: email, userId: proof.user.id, amr: ['pwd'] } };
}

/** Something without `@` can be no e-mail sign-in name; saying so tells nothing about anybody. */
function missing(email: string, required: Text, { email: { label } }: SignInSettings): { readonly email?: Text } {
  if (email === '') return { email: required };
  return email.includes('@') ? {} : { email: { id: `${id}.invalid_generic`, values: { field: label } } };
}

/** The page where a person signs in with e-mail and password, or goes on to create an account. */
export const signInStep: Step<SignInSettings> = {
  kind: 'signIn',
  words: [
    ...attributeWords,
    ...[
      'heading',
      'password',
      'button_signin',
      'forgotpassword_link',
      'createaccount_intro',
      'createaccount_one_link',
      'requiredField_generic',
      'requiredField_password',
      'invalid_generic',
      ...Object.values(failures),
    ].map((name) => `${id}.${name}`),
  ],
  async enter({ journey }, settings) {
    return { kind: 'show', screen: screenOf(settings, { email: (journey.loginHint ?? '').slice(0, 320) }) };
  },
  async submit(context, settings, input) {
    switch (input.action) {
      case 'forgotPassword':
        return { kind: 'refuse', refusal: 'forgotPassword' };
      case 'createAccount': {
        // What was typed is kept, so that it need not be typed again on the next page.
        const email = (input.values['email'] ?? '').trim();
        return { kind: 'next', learned: { intent: 'signUp', ...(email === '' ? {} : { emailHint: email }) } };
      }
      default:
        return signIn(context, settings, input);
    }
  },
};
