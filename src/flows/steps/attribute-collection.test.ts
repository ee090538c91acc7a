import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { answering } from '../../../test/support/event-api.ts';
import type { CollectedAttribute } from '../attributes/collected-attribute.ts';
import type { ExtensionEvent } from '../extensions/event.ts';
import { type ExtensionHouse, openExtensionHouse } from '../extensions/testing/extension-house.ts';
import type { Facts } from '../facts.ts';
import type { Outcome } from '../step.ts';
import { attributeCollectionStart } from './attribute-collection-start.ts';
import { attributeCollectionSubmit } from './attribute-collection-submit.ts';

const appKey = '0123456789abcdef0123456789abcdef';
const attribute = (id: string, rest: Partial<CollectedAttribute> = {}): CollectedAttribute => ({
  id,
  claim: id,
  label: { literal: id },
  required: false,
  inputType: 'textBox',
  dataType: 'string',
  maxLength: 64,
  choices: [],
  ...rest,
});
const year = `extension_${appKey}_graduationYear`;
const born = `extension_${appKey}_born`;
const mailing = `extension_${appKey}_onMailingList`;
const settings = {
  attributes: [
    attribute('givenName'),
    attribute('displayName'),
    attribute(born, { dataType: 'dateTime' }),
    attribute('city'),
    attribute(year, { dataType: 'int64' }),
    attribute(mailing, { dataType: 'boolean' }),
  ],
};
const sender = { address: '30.51.176.110', userAgent: undefined, device: undefined, origin: 'https://login.example' };
const foreign = { provider: 'Google-OAUTH', issuer: 'google.com', issuerAssignedId: '8c1', isEmailVerified: true };

const events = { attributeCollectionStart, attributeCollectionSubmit } as const;
type CollectionEvent = keyof typeof events & ExtensionEvent;

for (const event of ['attributeCollectionStart', 'attributeCollectionSubmit'] as const satisfies CollectionEvent[]) {
  describe(event, () => {
    /** Consent is a fact, so that no account is made without it. */
    const passed = {
      kind: 'next',
      ...(event === 'attributeCollectionStart' ? {} : { learned: { isAccepted: true } }),
    };
    let house: ExtensionHouse;
    before(async () => {
      house = await openExtensionHouse();
      await house.listens(event);
    });
    after(() => house?.close());

    async function walked(answer: unknown, facts: Facts = { intent: 'signUp', foreign }) {
      house.api.answers(answer);
      const context = house.context(facts, { sender });
      return { outcome: await events[event].enter(context, settings), notes: context.notes };
    }
    const shown = (outcome: Outcome) => (outcome.kind === 'show' ? outcome.screen : assert.fail(outcome.kind));

    test('goes on by itself', async () => {
      const { outcome, notes } = await walked(answering(event, 'continueWithDefaultBehavior'));
      assert.deepEqual([outcome, notes], [passed, ['continuewithdefaultbehavior']]);
    });

    test('tells what the flow asks for, each value in its type, and who the person is', async () => {
      const values = { givenName: 'Larissa', [year]: 2010 };
      const facts = event === 'attributeCollectionStart' ? { prefill: values } : { attributes: values };
      await walked(answering(event, 'continueWithDefaultBehavior'), { intent: 'signUp', foreign, ...facts });
      const { type, data } = JSON.parse(house.api.received.at(-1)?.body ?? '');
      assert.equal(type, `microsoft.graph.authenticationEvent.${event}`);
      const text = 'microsoft.graph.stringDirectoryAttributeValue';
      assert.deepEqual(data.userSignUpInfo, {
        attributes: {
          givenName: { '@odata.type': text, value: 'Larissa', attributeType: 'builtIn' },
          city: { '@odata.type': text, value: '', attributeType: 'builtIn' },
          displayName: { '@odata.type': text, value: '', attributeType: 'builtIn' },
          [born]: { '@odata.type': text, value: '', attributeType: 'directorySchemaExtension' },
          [year]: {
            '@odata.type': 'microsoft.graph.int64DirectoryAttributeValue',
            value: 2010,
            attributeType: 'directorySchemaExtension',
          },
          [mailing]: {
            '@odata.type': 'microsoft.graph.booleanDirectoryAttributeValue',
            value: null,
            attributeType: 'directorySchemaExtension',
          },
        },
        identities: [{ signInType: 'federated', issuer: 'google.com', issuerAssignedId: '8c1' }],
      });
      assert.ok(!('user' in data.authenticationContext));
    });

    test('says by which name of the tenant the person will sign in, and never the password', async () => {
      const passwordHash = '$argon2id$secret';
      await walked(answering(event, 'continueWithDefaultBehavior'), { signInName: 'l@contoso.example', passwordHash });
      const { body } = house.api.received.at(-1) ?? assert.fail();
      assert.deepEqual(JSON.parse(body).data.userSignUpInfo.identities, [
        { signInType: 'email', issuer: 'contoso.onmicrosoft.com', issuerAssignedId: 'l@contoso.example' },
      ]);
      assert.ok(!body.includes('argon2'));
    });

    test('shows a page that ends the way, in the words of the answer or our own', async () => {
      const { outcome } = await walked(
        answering(event, 'showBlockPage', { title: 'Hold tight', message: 'Wait <b>.' }),
      );
      const { heading, messages, actions, fields } = shown(outcome);
      assert.deepEqual([heading, fields], [{ literal: 'Hold tight' }, []]);
      assert.deepEqual(messages, [{ tone: 'error', text: { literal: 'Wait <b>.' } }]);
      assert.deepEqual(
        actions.map(({ name }) => name),
        ['cancel'],
      );
      const silent = shown((await walked(answering(event, 'showBlockPage'))).outcome);
      assert.deepEqual(silent.messages, [{ tone: 'error', text: { id: 'selfasserted.extension_blocked' } }]);
    });

    test('stops the way when it fails, and can be asked again', async () => {
      const { outcome, notes } = await walked(answering(event, 'doWhatYouLike'));
      assert.deepEqual(notes, ['failed 1003012']);
      assert.deepEqual(
        shown(outcome).actions.map(({ name }) => name),
        ['continue', 'cancel'],
      );
      house.api.answers(answering(event, 'continueWithDefaultBehavior'));
      const { memo } = outcome as Extract<Outcome, { kind: 'show' }>;
      const press = (action: string) =>
        events[event].submit(house.context({}, { sender, memo }), settings, { action, values: {} });
      assert.deepEqual(await press('continue'), passed);
      assert.deepEqual(await press('cancel'), { kind: 'refuse', refusal: 'cancelled' });
    });

    test('is not asked again without end', async () => {
      const tries: Outcome[] = [(await walked(answering(event, 'doWhatYouLike'))).outcome];
      for (let last = tries[0]; last?.kind === 'show' && tries.length < 20; last = tries.at(-1)) {
        const context = house.context({}, { sender, memo: last.memo });
        tries.push(await events[event].submit(context, settings, { action: 'continue', values: {} }));
      }
      assert.equal(tries.length, 11);
      assert.deepEqual(tries.at(-1), { kind: 'refuse', refusal: 'tooManyAttempts' });
    });

    test('who is blocked has no way to be asked about again', async () => {
      const { outcome } = await walked(answering(event, 'showBlockPage'));
      const { memo } = outcome as Extract<Outcome, { kind: 'show' }>;
      const context = house.context({}, { sender, memo });
      const pressed = await events[event].submit(context, settings, { action: 'continue', values: {} });
      assert.deepEqual(pressed, { kind: 'refuse', refusal: 'cancelled' });
    });

    const [changes, member] =
      event === 'attributeCollectionStart' ? ['setPrefillValues', 'inputs'] : ['modifyAttributeValues', 'attributes'];
    const known = { givenName: 'Larissa', city: 'Bonn' };
    const before_ = event === 'attributeCollectionStart' ? { prefill: known } : { attributes: known };

    test('changes what it was told of and nothing else; an empty value removes', async () => {
      const given = {
        GIVENNAME: 'Lara',
        [year]: 2011,
        [mailing]: false,
        city: '',
        jobTitle: 'Boss',
        accountEnabled: false,
      };
      const { outcome } = await walked(answering(event, changes, { [member]: given }), before_);
      const values = { givenName: 'Lara', [year]: 2011, [mailing]: false };
      const learned =
        event === 'attributeCollectionStart' ? { prefill: values } : { isAccepted: true, attributes: values };
      assert.deepEqual(outcome, { kind: 'next', learned });
    });

    for (const [what, given] of [
      ['a number where a text was asked for', { givenName: 7 }],
      ['a text where a number was asked for', { [year]: '2011' }],
      ['half a number', { [year]: 20.5 }],
      ['a text where yes or no was asked for', { [mailing]: 'true' }],
      ['a list', { city: ['Bonn'] }],
      ['more than fits', { city: 'x'.repeat(65) }],
      ['a line break', { city: 'Bonn\nKiel' }],
      ['markup in a name', { displayName: '<b>Larissa</b>' }],
      ['a day that no calendar has', { [born]: '2001-02-30' }],
    ] as const)
      test(`refuses ${what}`, async () => {
        const { outcome, notes } = await walked(answering(event, changes, { [member]: given }), before_);
        assert.deepEqual([outcome.kind, notes], ['show', ['failed 1003003']]);
      });

    test('refuses changes that are no object', async () => {
      const { notes } = await walked(answering(event, changes, { [member]: 'all' }));
      assert.deepEqual(notes, ['failed 1003003']);
    });

    test('is not asked where nobody listens', async () => {
      const calls = house.api.received.length;
      const client = { appId: '22222222-2222-4222-8222-222222222222', displayName: 'Other' };
      assert.deepEqual(await events[event].enter(house.context({}, { client, sender }), settings), passed);
      assert.equal(house.api.received.length, calls);
    });

    const complaint = {
      message: 'Please fix this.',
      attributeErrors: { city: 'No numbers.', [year]: 'Four digits.', x: '?' },
    };
    if (event === 'attributeCollectionSubmit') {
      test('sends the person back with what is wrong, in the order of the page', async () => {
        const { outcome } = await walked(answering(event, 'showValidationError', complaint));
        assert.ok(outcome.kind === 'back');
        const said = ['Please fix this.', 'No numbers.', 'Four digits.'];
        assert.deepEqual(
          outcome.messages,
          said.map((literal) => ({ tone: 'error', text: { literal } })),
        );
      });
      test('refuses complaints that are no texts', async () => {
        const { notes } = await walked(answering(event, 'showValidationError', { attributeErrors: { city: 7 } }));
        assert.deepEqual(notes, ['failed 1003003']);
      });
    } else
      test('cannot find fault with what nobody has filled in yet', async () => {
        const { notes } = await walked(answering(event, 'showValidationError', complaint));
        assert.deepEqual(notes, ['failed 1003012']);
      });
  });
}
