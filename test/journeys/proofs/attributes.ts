import assert from 'node:assert/strict';
import { codeIn } from '../../support/sign-in.ts';
import { textOf, type Visit } from '../../support/visitor.ts';
import { type Bench, password, proveEmail, type Walk } from '../bench.ts';
import type { Chapter } from '../proof.ts';
import type { FlowKind } from '../settings.ts';

/** Kinds of flow that ask people about themselves. */
const asking: readonly FlowKind[] = ['signUpOrSignIn', 'signUp', 'profileUpdate'];
const makingAccounts: readonly FlowKind[] = ['signUpOrSignIn', 'signUp'];
const signUpProof = ['email_ver_but_send', 'email_ver_input', 'email_ver_but_verify'] as const;

const assignmentsOf = (flow: string): string => `/beta/identity/b2cUserFlows/${flow}/userAttributeAssignments`;

async function assign({ usher }: Bench, flow: string, id: string, parts: object): Promise<void> {
  const response = await usher.graph('POST', assignmentsOf(flow), {
    isOptional: true,
    requiresVerification: false,
    userInputType: 'textBox',
    displayName: id,
    ...parts,
    userAttribute: { id },
  });
  assert.equal(response.status, 201, await response.text());
}

async function change({ usher }: Bench, flow: string, id: string, parts: object): Promise<void> {
  const response = await usher.graph('PATCH', `${assignmentsOf(flow)}/${id}`, parts);
  assert.equal(response.status, 204, await response.text());
}

let people = 0;
const newEmail = (): string => {
  people += 1;
  return `told-${people}-${process.pid}@new.example`;
};

/** The first page of a new account. */
async function atForm(bench: Bench, kind: FlowKind, flow: string): Promise<Walk> {
  const walk = await bench.open(flow);
  return kind === 'signUp' ? walk : { ...walk, visit: await walk.visitor.submit(walk.visit, 'createAccount') };
}

/** The page that asks for the attributes, nothing else in its way. */
async function atPage(bench: Bench, kind: FlowKind, flow: string): Promise<Walk> {
  if (kind === 'profileUpdate') {
    const [walk, person] = [await bench.open(flow), await bench.person()];
    const { email } = person;
    return { ...walk, visit: await walk.visitor.submit(walk.visit, 'next', { email, password: person.password }) };
  }
  const walk = await atForm(bench, kind, flow);
  return { ...walk, visit: await proveEmail(bench.usher, walk, newEmail(), signUpProof) };
}

/** Sends the page with these values, and a password where one is asked for. */
const send = ({ visitor, visit }: Walk, values: Readonly<Record<string, string>>): Promise<Visit> =>
  visitor.submit(visit, 'continue', { newPassword: password, reenterPassword: password, ...values });

const values = (...names: readonly (readonly [name: string, value: string, isDefault?: boolean])[]) =>
  names.map(([name, value, isDefault = false]) => ({ name, value, isDefault }));

export const attributes: Chapter = {
  proofs: [
    {
      settings: ['userAttributeAssignments/displayName'],
      kinds: asking,
      says: 'An attribute is called what the flow calls it',
      async prove(bench, kind) {
        const flow = await bench.flow(kind);
        await assign(bench, flow, 'city', { displayName: 'Where you live' });
        assert.match(textOf((await atPage(bench, kind, flow)).visit.html), /Where you live/);
        await change(bench, flow, 'city', { displayName: 'Your town' });
        const said = textOf((await atPage(bench, kind, flow)).visit.html);
        assert.match(said, /Your town/);
        assert.doesNotMatch(said, /Where you live/);
      },
    },
    {
      settings: ['userAttributeAssignments/isOptional'],
      kinds: asking,
      says: 'Who leaves an optional attribute empty goes on, and a required one is asked for again',
      async prove(bench, kind) {
        const flow = await bench.flow(kind);
        await assign(bench, flow, 'city', { isOptional: false, displayName: 'Town' });
        const walk = await atPage(bench, kind, flow);
        const refused = await send(walk, { city: '' });
        assert.match(textOf(refused.html), /Please fill in: Town/);
        codeIn(await send({ ...walk, visit: refused }, { city: 'Turin' }));
        await change(bench, flow, 'city', { isOptional: true });
        codeIn(await send(await atPage(bench, kind, flow), { city: '' }));
      },
    },
    {
      settings: ['userAttributeAssignments/requiresVerification'],
      kinds: makingAccounts,
      says: 'The address of a new account is proved with a code, unless the flow says otherwise',
      async prove(bench, kind) {
        const flow = await bench.flow(kind);
        await assign(bench, flow, 'email', {
          userInputType: 'emailBox',
          isOptional: false,
          requiresVerification: true,
        });
        const proving = await atForm(bench, kind, flow);
        assert.match(proving.visit.html, /id="email_ver_but_send"/);
        const refused = await send(proving, { email: newEmail() });
        assert.equal(refused.left, undefined);
        await change(bench, flow, 'email', { requiresVerification: false });
        const trusting = await atForm(bench, kind, flow);
        assert.doesNotMatch(trusting.visit.html, /id="email_ver_but_send"/);
        codeIn(await send(trusting, { email: newEmail() }));
      },
    },
    {
      settings: ['userAttributeAssignments/userInputType'],
      kinds: asking,
      says: 'An attribute is asked for by the input that the flow says',
      async prove(bench, kind) {
        const flow = await bench.flow(kind);
        await assign(bench, flow, 'state', {});
        const offered = { userAttributeValues: values(['North', 'n'], ['South', 's']) };
        const inputs: readonly (readonly [object, RegExp])[] = [
          [{ userInputType: 'textBox' }, /<input id="state"[^>]* type="text"/],
          [{ userInputType: 'emailBox' }, /<input id="state"[^>]* type="email"/],
          [{ userInputType: 'dateTimeDropdown' }, /<select[^>]*id="state_month"/],
          [{ userInputType: 'radioSingleSelect', ...offered }, /id="state_n" type="radio"/],
          [{ userInputType: 'dropdownSingleSelect', ...offered }, /<select id="state"/],
          [{ userInputType: 'checkboxMultiSelect', ...offered }, /id="state_n" type="checkbox"/],
        ];
        for (const [input, shown] of inputs) {
          await change(bench, flow, 'state', input);
          assert.match((await atPage(bench, kind, flow)).visit.html, shown);
        }
      },
    },
    {
      settings: [
        'userAttributeAssignments/userAttributeValues/name',
        'userAttributeAssignments/userAttributeValues/value',
        'userAttributeAssignments/userAttributeValues/isDefault',
      ],
      kinds: asking,
      says: 'Of the values to choose from the name is shown, the value kept, and the default chosen at first',
      async prove(bench, kind) {
        const flow = await bench.flow(kind);
        const dropdown = { userInputType: 'dropdownSingleSelect' };
        const first = values(['North', 'n'], ['South', 's', true]);
        await assign(bench, flow, 'state', { ...dropdown, userAttributeValues: first });
        const before = await atPage(bench, kind, flow);
        assert.match(before.visit.html, /<option value="n">North<\/option><option value="s" selected>South</);
        codeIn(await send(before, { state: 'n' }));
        const second = values(['Upper', 'up', true], ['Lower', 'low']);
        await change(bench, flow, 'state', { userAttributeValues: second });
        const after = await atPage(bench, kind, flow);
        assert.match(after.visit.html, /<option value="up" selected>Upper<\/option><option value="low">Lower</);
        assert.match(textOf((await send(after, { state: 'n' })).html), /choose from what is offered/);
      },
    },
    {
      settings: ['userAttributeAssignments/order'],
      kinds: asking,
      says: 'Attributes are asked for in the order of the flow',
      async prove(bench, kind) {
        const flow = await bench.flow(kind);
        for (const id of ['city', 'state']) await assign(bench, flow, id, {});
        const isFirst = async (id: string, other: string): Promise<boolean> => {
          const { html } = (await atPage(bench, kind, flow)).visit;
          return html.indexOf(`id="${id}"`) < html.indexOf(`id="${other}"`);
        };
        assert.ok(await isFirst('city', 'state'));
        const order = { newAssignmentOrder: { order: ['state', 'city'] } };
        assert.equal((await bench.usher.graph('POST', `${assignmentsOf(flow)}/setOrder`, order)).status, 204);
        assert.ok(await isFirst('state', 'city'));
      },
    },
  ],
  exemptions: [
    {
      settings: [
        'userAttributeAssignments/displayName',
        'userAttributeAssignments/isOptional',
        'userAttributeAssignments/requiresVerification',
        'userAttributeAssignments/userInputType',
        'userAttributeAssignments/userAttributeValues/name',
        'userAttributeAssignments/userAttributeValues/value',
        'userAttributeAssignments/userAttributeValues/isDefault',
        'userAttributeAssignments/order',
      ],
      kinds: ['signIn', 'passwordReset', 'resourceOwner'],
      because: 'Nobody is asked about themself.',
    },
    {
      settings: ['userAttributeAssignments/requiresVerification'],
      kinds: ['profileUpdate'],
      because: 'It is about the address to sign in with, which nobody changes in a profile.',
    },
  ],
};
