import { type ExplainedStep, explain, planReader } from '../src/flows/index.ts';
import { offer, openHouseOfAll } from '../src/flows/testing/accounts.ts';
import { assign, type House } from '../src/flows/testing/harness.ts';
import { type FlowKind, flowKinds } from '../test/journeys/settings.ts';

/** Everything that adds a step, except for what takes the others away. */
const everything = {
  passwordComplexityConfiguration: { isSelfServicePasswordResetAllowed: true, allowExpiredPasswordReset: true },
  isConditionalAccessEnforced: true,
  multifactorAuthenticationConfiguration: {
    multifactorAuthenticationState: 'on',
    multifactorAuthenticationMethod: 'authenticator',
  },
  settings: {
    ageGating: { isEnabled: true, rule: 'blockAllMinors' },
    passkeys: { isSignInAllowed: true, isEnrolmentOffered: true, isPasswordOptional: true },
    conditionalAccess: {
      rules: [{ displayName: 'new browsers', isNewDeviceOnly: true, control: 'requireMultifactor' }],
    },
    passwordReset: { isForcedResetEnabled: true },
    areRecoveryCodesOffered: true,
    isRecoveryEmailPromptEnabled: true,
  },
};

const named: { readonly [K in FlowKind]?: string } = { profileUpdate: '`profileUpdate`, given an attribute to show' };

/** What a kind of flow does as it is created, and with everything. */
interface Course {
  readonly kind: FlowKind;
  readonly usual: readonly ExplainedStep[];
  readonly most: readonly ExplainedStep[];
}

async function courseOf(house: House, kind: Exclude<FlowKind, 'resourceOwner'>): Promise<Course> {
  const read = planReader(house.directory);
  const stepsOf = async (name: string, accounts: string, draft: object): Promise<readonly ExplainedStep[]> => {
    const id = `B2C_1_${name}`;
    await offer(house, name, accounts, { userFlowType: kind, ...draft });
    if (kind === 'profileUpdate') await assign(house, 'displayName', {}, id);
    const plan = await read(id, []);
    if (!plan) throw new TypeError(`${id} was created`);
    return explain(plan).steps;
  };
  const all = 'emailWithPassword,userName,phoneWithOneTimePassword,emailCode';
  return {
    kind,
    usual: await stepsOf(`${kind}_usual`, 'emailWithPassword', {}),
    most: await stepsOf(`${kind}_most`, all, everything),
  };
}

/** Every step of any kind of flow, each after those that come before it somewhere. */
function stepsInOrder(courses: readonly Course[]): readonly ExplainedStep[] {
  return courses.reduce<readonly ExplainedStep[]>((known, { most }) => {
    return most.reduce((list, step, index) => {
      if (list.some(({ kind }) => kind === step.kind)) return list;
      const before = most.slice(0, index).map(({ kind }) => kind);
      const at = list.findLastIndex(({ kind }) => before.includes(kind)) + 1;
      return list.toSpliced(at, 0, step);
    }, known);
  }, []);
}

const lineOf = ({ number, does, when }: ExplainedStep): string =>
  `${number}. ${when === null ? '' : `If ${when}: `}${does}`;

function cellOf({ usual, most }: Course, step: string): string {
  const places = most.filter(({ kind }) => kind === step).map(({ number }) => String(number));
  const isUsual = usual.some(({ kind }) => kind === step);
  return places.length > 0 && isUsual ? `**${places.join(' ')}**` : places.join(' ');
}

/** The tables of what the kinds of flow do, as their recipes explain it. */
export async function kindsText(): Promise<string> {
  const house = await openHouseOfAll();
  try {
    const courses: Course[] = [];
    for (const kind of flowKinds) if (kind !== 'resourceOwner') courses.push(await courseOf(house, kind));
    const usual = courses.map(
      ({ kind, usual: steps }) => `| ${named[kind] ?? `\`${kind}\``} | ${steps.map(lineOf).join('<br>')} |`,
    );
    const rows = stepsInOrder(courses).map(({ kind, does }) => {
      const cells = courses.map((course) => cellOf(course, kind));
      return `| \`${kind}\` | ${does} | ${cells.join(' | ')} |`;
    });
    return [
      '| kind | what it does as it is created |',
      '|---|---|',
      ...usual,
      '| `resourceOwner` | No pages: an application exchanges name and password for tokens, if it is allowed to |',
      '',
      'Settings add steps. The numbers say in which order they come in a flow with all of them; bold: also in one as it is created. Where',
      'sign-in is blocked, `signInBlock` stands in place of `signIn` and all that leads back to a password.',
      '',
      `| step | what it does | ${courses.map(({ kind }) => kind).join(' | ')} |`,
      `|---|---|${courses.map(() => '---').join('|')}|`,
      ...rows,
      '',
    ].join('\n');
  } finally {
    await house.close();
  }
}
