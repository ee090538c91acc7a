import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { entities } from '../../model/index.ts';
import type { Facts } from '../facts.ts';
import {
  addAttribute,
  assign,
  contextFor,
  createFlow,
  errorsOf,
  fieldOf,
  type House,
  messagesOf,
  openHouse,
  password,
  type Visitor,
} from '../testing/harness.ts';
import { changeUser, newUser, userNamed } from '../testing/people.ts';
import { profile } from './profile.ts';

const page = 'selfasserted.profileupdate';
const flow = 'B2C_1_edit';

describe('profile edit', () => {
  let house: House;
  let colours = '';
  let shoeSize = '';
  let member = '';
  let birthday = '';

  const begin = async (email: string): Promise<Visitor> => {
    const visitor = await house.begin(flow);
    await visitor.press('next', { email, password });
    assert.equal(visitor.screen.id, page);
    return visitor;
  };
  /** What a browser would send back untouched. */
  const asShown = ({ screen }: Visitor): Record<string, string> =>
    Object.fromEntries(screen.fields.map(({ name, value = '' }) => [name, value]));

  before(async () => {
    house = await openHouse();
    await createFlow(house, 'edit', { userFlowType: 'profileUpdate' });
    [colours, shoeSize, member, birthday] = await Promise.all([
      addAttribute(house, 'Colours', 'string'),
      addAttribute(house, 'Shoesize', 'int64'),
      addAttribute(house, 'Member', 'boolean'),
      addAttribute(house, 'Birthday', 'string'),
    ]);
    const values = ['red', 'green', 'blue'].map((value) => ({ name: value.toUpperCase(), value, isDefault: false }));
    await assign(house, 'email', { userInputType: 'emailBox', isOptional: false, requiresVerification: true }, flow);
    await assign(house, 'displayName', { isOptional: false }, flow);
    await assign(house, 'city', {}, flow);
    await assign(house, colours, { userInputType: 'checkboxMultiSelect', userAttributeValues: values }, flow);
    await assign(house, 'state', { userInputType: 'dropdownSingleSelect', userAttributeValues: values }, flow);
    await assign(house, shoeSize, {}, flow);
    await assign(house, member, { userInputType: 'radioSingleSelect' }, flow);
    await assign(house, birthday, { userInputType: 'dateTimeDropdown' }, flow);
    await assign(house, 'streetAddress', {}, flow);
  });
  after(() => house.close());

  test('shows what is stored, in the order of assignment, and never a name to sign in with', async () => {
    const email = await newUser(house, {
      city: 'Turin',
      [colours]: 'red,blue',
      state: 'green',
      [shoeSize]: 42,
      [member]: false,
      [birthday]: '2001-02-03',
    });
    const { screen } = await begin(email);
    assert.deepEqual(
      screen.fields.map(({ name, value }) => [name, value]),
      [
        ['displayName', 'Adele'],
        ['city', 'Turin'],
        ['extension_Colours', 'red,blue'],
        ['state', 'green'],
        ['extension_Shoesize', '42'],
        ['extension_Member', 'false'],
        ['extension_Birthday', '2001-02-03'],
        ['streetAddress', undefined],
      ],
    );
  });

  test('writes what was changed, each by its type, and the person arrives', async () => {
    const email = await newUser(house, { city: 'Turin', [colours]: 'red', [shoeSize]: 42, [member]: false });
    const visitor = await begin(email);
    await visitor.press('continue', {
      ...asShown(visitor),
      displayName: 'Ada',
      extension_Colours: 'blue,green',
      state: 'blue',
      extension_Shoesize: '43',
      extension_Member: 'true',
      extension_Birthday: '2001-02-03',
    });
    assert.match(visitor.url, /arrived/);
    const user = await userNamed(house, email);
    assert.deepEqual(
      [user.displayName, user.city, user[colours], user.state, user[shoeSize], user[member], user[birthday]],
      ['Ada', 'Turin', 'green,blue', 'blue', 43, true, '2001-02-03'],
    );
    const again = await begin(email);
    assert.equal(fieldOf(again.screen, 'extension_Colours')?.value, 'green,blue');
  });

  test('writes nothing at all when nothing was changed, whatever is stored', async () => {
    const email = await newUser(house, {
      streetAddress: '1 Long Road\nSecond floor',
      state: 'mauve',
      [colours]: 'red,ochre',
      [birthday]: 'in spring',
    });
    const ref = { type: entities.user, id: (await userNamed(house, email)).id };
    const before = await house.directory.get(ref);
    const visitor = await begin(email);
    await visitor.press('continue', asShown(visitor));
    assert.match(visitor.url, /arrived/);
    assert.equal((await house.directory.get(ref))?.etag, before?.etag);
  });

  test('a value that is not offered any more is shown and can stay, and nobody else can choose it', async () => {
    const email = await newUser(house, { state: 'mauve', [colours]: 'red,ochre' });
    const visitor = await begin(email);
    const offered = (name: string) => fieldOf(visitor.screen, name)?.choices?.map(({ value }) => value);
    assert.deepEqual(offered('state'), ['red', 'green', 'blue', 'mauve']);
    assert.deepEqual(offered('extension_Colours'), ['red', 'green', 'blue', 'ochre']);
    await visitor.press('continue', { ...asShown(visitor), extension_Colours: 'blue,ochre' });
    const user = await userNamed(house, email);
    assert.deepEqual([user.state, user[colours]], ['mauve', 'blue,ochre']);

    const other = await begin(await newUser(house));
    await other.press('continue', { ...asShown(other), state: 'mauve', extension_Colours: 'ochre' });
    assert.deepEqual(errorsOf(other.screen), {
      state: ['field.notAChoice'],
      extension_Colours: ['field.notAChoice'],
    });
  });

  test('what is emptied has no value any more, unless it is required', async () => {
    const email = await newUser(house, { city: 'Turin', [shoeSize]: 42 });
    const visitor = await begin(email);
    await visitor.press('continue', { ...asShown(visitor), displayName: ' ', city: '', extension_Shoesize: '' });
    assert.deepEqual(errorsOf(visitor.screen), { displayName: ['field.required'] });
    assert.deepEqual(messagesOf(visitor.screen), [`${page}.error_requiredFieldMissing`]);
    assert.equal(fieldOf(visitor.screen, 'city')?.value, undefined, 'what was typed stays');
    await visitor.press('continue', { ...asShown(visitor), displayName: 'Ada' });
    const user = await userNamed(house, email);
    assert.deepEqual([user.city, user[shoeSize] ?? null, user.displayName], [null, null, 'Ada']);
  });

  test('what does not fit is said beside its field, and nothing is written or lost', async () => {
    const email = await newUser(house, { city: 'Turin' });
    const visitor = await begin(email);
    const wrong = {
      city: 'x'.repeat(129),
      extension_Shoesize: 'large',
      extension_Birthday: '2001-02-30',
      state: 'red',
    };
    await visitor.press('continue', { ...asShown(visitor), ...wrong });
    assert.deepEqual(errorsOf(visitor.screen), {
      city: ['field.tooLong'],
      extension_Shoesize: ['field.notANumber'],
      extension_Birthday: ['field.notADate'],
    });
    assert.equal(fieldOf(visitor.screen, 'state')?.value, 'red');
    assert.equal((await userNamed(house, email)).city, 'Turin');
  });

  test('leaves alone what others change meanwhile, and asks again where both changed the same', async () => {
    const email = await newUser(house, { city: 'Turin' });
    const visitor = await begin(email);
    await changeUser(house, email, { jobTitle: 'Clockmaker', state: 'red' });
    await visitor.press('continue', { ...asShown(visitor), city: 'Oslo' });
    assert.match(visitor.url, /arrived/);
    const { city, jobTitle, state } = await userNamed(house, email);
    assert.deepEqual([city, jobTitle, state], ['Oslo', 'Clockmaker', 'red']);

    const late = await begin(email);
    await changeUser(house, email, { city: 'Rome' });
    await late.press('continue', { ...asShown(late), city: 'Bern' });
    assert.deepEqual(messagesOf(late.screen), [`${page}.profile_changed_meanwhile`]);
    assert.equal(fieldOf(late.screen, 'city')?.value, 'Bern', 'what was typed is still there');
    assert.equal((await userNamed(house, email)).city, 'Rome');
    await late.press('continue', asShown(late));
    assert.equal((await userNamed(house, email)).city, 'Bern');
  });

  test('two tabs that change different things both come true', async () => {
    const email = await newUser(house, { city: 'Turin' });
    const [one, two] = [await begin(email), await begin(email)];
    await Promise.all([
      one.press('continue', { ...asShown(one), city: 'Oslo' }),
      two.press('continue', { ...asShown(two), displayName: 'Ada' }),
    ]);
    const { city, displayName } = await userNamed(house, email);
    assert.deepEqual([city, displayName], ['Oslo', 'Ada']);
  });

  test('fields that the flow does not ask for are not written, whatever the form held', async () => {
    const email = await newUser(house);
    const visitor = await begin(email);
    const extra = { email: 'victim@contoso.example', accountEnabled: 'false', jobTitle: 'Admin', passwordHash: 'x' };
    await visitor.press('continue', { ...asShown(visitor), ...extra });
    const user = await userNamed(house, email);
    assert.deepEqual([user.accountEnabled, user.jobTitle, user.identities.length], [true, null, 1]);
    assert.equal(await house.identity.findBySignInName('victim@contoso.example'), undefined);
  });

  test('a field that is not sent keeps its value', async () => {
    const email = await newUser(house, { city: 'Turin', [member]: true });
    const visitor = await begin(email);
    await visitor.press('continue', { displayName: 'Ada' });
    const user = await userNamed(house, email);
    assert.deepEqual([user.displayName, user.city, user[member]], ['Ada', 'Turin', true]);
  });

  test('a session stands in for the sign-in', async () => {
    const email = await newUser(house, { city: 'Turin' });
    const { id } = await userNamed(house, email);
    const session = { userId: id, authTime: house.clock.now() - 60, amr: ['pwd'], keepSignedIn: false };
    const visitor = await house.begin(flow, { session });
    assert.equal(fieldOf(visitor.screen, 'city')?.value, 'Turin');
    await visitor.press('continue', { ...asShown(visitor), city: 'Oslo' });
    assert.equal(house.host.arrivals.at(-1)?.authTime, session.authTime);
    assert.equal((await userNamed(house, email)).city, 'Oslo');
  });

  test('Cancel changes nothing and tells the application', async () => {
    const email = await newUser(house, { city: 'Turin' });
    const visitor = await begin(email);
    await visitor.press('cancel', { city: 'Oslo' });
    assert.equal(house.host.refusals.at(-1), 'cancelled');
    assert.equal((await userNamed(house, email)).city, 'Turin');
  });

  test('an account that was disabled or removed meanwhile is not written to', async () => {
    const email = await newUser(house, { city: 'Turin' });
    const visitor = await begin(email);
    await changeUser(house, email, { accountEnabled: false });
    await visitor.press('continue', { ...asShown(visitor), city: 'Oslo' });
    assert.equal(house.host.refusals.at(-1), 'accountDisabled');
    assert.equal((await userNamed(house, email)).city, 'Turin');
  });

  test('is never shown without the facts it rests on', async () => {
    const { id: userId } = await userNamed(house, await newUser(house));
    const wrong: readonly Facts[] = [
      {},
      { userId },
      { userId, amr: [] },
      { amr: ['pwd'] },
      { userId, amr: ['pwd'], secondFactor: 'required' },
      { userId, amr: ['pwd'], mustChangePassword: 'forced' },
    ];
    for (const facts of wrong) {
      const context = contextFor(house, facts, { memo: { before: {}, typed: {} } });
      const input = { action: 'continue', values: {} };
      await assert.rejects(profile.enter(context, { attributes: [] }), { code: 'flows.unproved' });
      await assert.rejects(profile.submit(context, { attributes: [] }, input), { code: 'flows.unproved' });
    }
  });
});
