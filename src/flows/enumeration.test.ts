import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { system } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { proofNames, type Screen } from './screen.ts';
import { addUser, createFlow, type House, openHouse, type Visitor } from './testing/harness.ts';

const setup = system('test');
const numbers = { known: '+4915112345001', unknown: '+4915112345002' } as const;

/** What a stranger is told about a name, and what it costs the server. */
interface Answer {
  readonly screens: readonly unknown[];
  readonly hashes: number;
  readonly messages: number;
}

/** The page without what was typed into it, which differs because the names do. */
const plain = (screen: Screen, name: string): unknown =>
  JSON.parse(JSON.stringify(screen).replaceAll(name, 'NAME').replaceAll(name.toLowerCase(), 'NAME'));

describe('whether an account exists', () => {
  let house: House;
  const issuer = 'contoso.onmicrosoft.com';
  before(async () => {
    house = await openHouse();
    const { directory } = house;
    await directory.update(
      setup,
      { type: entities.b2cAuthenticationMethodsPolicy, id: 'b2CAuthenticationMethodsPolicy' },
      { isUserNameAuthenticationEnabled: true, isPhoneOneTimePasswordAuthenticationEnabled: true },
    );
    await addUser(house, 'known@people.example');
    const identities = [
      { signInType: 'userName', issuer, issuerAssignedId: 'knownname' },
      { signInType: 'phoneNumber', issuer, issuerAssignedId: numbers.known },
    ];
    for (const identity of identities) {
      await directory.create(setup, entities.user, {
        displayName: 'Known',
        identities: [identity],
        passwordProfile: { password: 'Correct-horse-7' },
        mail: 'known.mail@people.example',
      });
    }
    const kinds = { authenticationMethods: 'emailWithPassword,userName,phoneWithOneTimePassword' };
    const byUserName = { settings: { passwordReset: { identifier: 'userName' } } };
    await createFlow(house, 'signin', { userFlowType: 'signIn' });
    await createFlow(house, 'every', { userFlowType: 'signIn', ...kinds });
    await createFlow(house, 'phone', { authenticationMethods: 'phoneWithOneTimePassword' });
    await createFlow(house, 'reset', { userFlowType: 'passwordReset' });
    await createFlow(house, 'resetname', {
      userFlowType: 'passwordReset',
      authenticationMethods: 'userName',
      ...byUserName,
    });
  });
  after(() => house.close());

  async function ask(flow: string, name: string, walk: (visitor: Visitor) => Promise<void>): Promise<Answer> {
    const visitor = await house.begin(flow);
    const [hashes, messages] = [house.work.hashes, house.outbox.messages().length];
    await walk(visitor);
    assert.equal(visitor.move.kind, 'show', 'nobody came in');
    return {
      screens: [plain(visitor.screen, name)],
      hashes: house.work.hashes - hashes,
      messages: house.outbox.messages().length - messages,
    };
  }

  /** Presses a button of the proof on the page, whatever it is called there. */
  const pressProof = async (visitor: Visitor, which: 'send' | 'verify', values: Readonly<Record<string, string>>) => {
    const { verification } = visitor.screen;
    assert.ok(verification, `no proof on ${visitor.screen.id}`);
    const names = proofNames(verification);
    await visitor.press(names[which], which === 'verify' ? { ...values, [names.code]: '000000' } : values);
  };

  const nameField = ({ screen }: Visitor): string =>
    screen.fields.find(({ input }) => input !== 'password' && input !== 'checkbox')?.name ?? '';

  const withPassword = (name: string) => (visitor: Visitor) =>
    visitor.press('next', { [nameField(visitor)]: name, password: 'Wrong-horse-1' }).then(() => undefined);

  const ways: readonly {
    readonly says: string;
    readonly flow: string;
    readonly names: readonly [known: string, unknown: string];
    readonly walk: (name: string) => (visitor: Visitor) => Promise<void>;
    readonly hashes: number;
    readonly messages: number;
  }[] = [
    {
      says: 'is not told by a wrong password for an address',
      flow: 'B2C_1_signin',
      names: ['known@people.example', 'other@people.example'],
      walk: withPassword,
      hashes: 1,
      messages: 0,
    },
    {
      says: 'is not told by a code for a new account, nor by a wrong one',
      flow: 'B2C_1_susi',
      names: ['known@people.example', 'other@people.example'],
      walk: (email) => async (visitor) => {
        await visitor.press('createAccount');
        await pressProof(visitor, 'send', { email });
        await pressProof(visitor, 'verify', { email });
      },
      hashes: 0,
      messages: 1,
    },
    {
      says: 'is not told by a forgotten password',
      flow: 'B2C_1_reset',
      names: ['known@people.example', 'other@people.example'],
      walk: (email) => async (visitor) => {
        await pressProof(visitor, 'send', { email });
        await pressProof(visitor, 'verify', { email });
      },
      hashes: 0,
      messages: 1,
    },
    {
      says: 'is not told by the forgotten password of a user name',
      flow: 'B2C_1_resetname',
      names: ['knownname', 'othername'],
      walk: (name) => async (visitor) => {
        const values = { [nameField(visitor)]: name, email: 'known.mail@people.example' };
        await visitor.press('continue', values);
        await pressProof(visitor, 'send', values);
        await pressProof(visitor, 'verify', values);
      },
      hashes: 0,
      messages: 1,
    },
    {
      says: 'is not told by a number',
      flow: 'B2C_1_phone',
      names: [numbers.known, numbers.unknown],
      walk: (number) => async (visitor) => {
        await visitor.press('next', { [nameField(visitor)]: number });
        if (visitor.screen.verification?.state === 'initial') await pressProof(visitor, 'send', {});
        await pressProof(visitor, 'verify', {});
      },
      hashes: 0,
      messages: 1,
    },
    ...(['known@people.example', 'knownname'] as const).map((known) => ({
      says: `is not told by a wrong password where every name is taken (${known})`,
      flow: 'B2C_1_every',
      names: [known, known.replace('known', 'other')] as const,
      // The page asks for the name alone, since it decides what proves it.
      walk: (name: string) => async (visitor: Visitor) => {
        await visitor.press('next', { [nameField(visitor)]: name });
        await visitor.press('next', { [nameField(visitor)]: name, password: 'Wrong-horse-1' });
      },
      hashes: 1,
      messages: 0,
    })),
  ];

  for (const { says, flow, names, walk, hashes, messages } of ways) {
    test(says, async () => {
      const [known, unknown] = [await ask(flow, names[0], walk(names[0])), await ask(flow, names[1], walk(names[1]))];
      assert.deepEqual(unknown, known);
      assert.deepEqual([known.hashes, known.messages], [hashes, messages], 'the work is what it should be');
    });
  }
});
