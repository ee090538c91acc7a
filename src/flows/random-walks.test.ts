import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import {
  blocking,
  complaining,
  goOn,
  json,
  type ListeningApi,
  listeningApi,
} from '../../test/support/listening-api.ts';
import { fuzzSeed, longRuns } from '../../test/support/random.ts';
import { newId, newSecret, system } from '../kernel/index.ts';
import { entities, everyItem } from '../model/index.ts';
import { connectorSteps } from './callouts/connector-step.ts';
import type { Move } from './host.ts';
import { addConnector, callAt } from './testing/connectors.ts';
import { domainHint, type ForeignMallory, foreignMallory, foreignVictim } from './testing/foreign-mallory.ts';
import { sender as browser, createFlow, type House, openHouse, type Visitor } from './testing/harness.ts';
import { inputFor, type Means, mallory, picker, victims } from './testing/mallory.ts';
import { walkedFlows } from './testing/walked-flows.ts';

/** Walks over all flows together; ten thousand in `npm run test:long`. */
const walks = longRuns(300, 10_000);
const fewer = Math.ceil(walks / 3);
const setup = system('test');

type User = Awaited<ReturnType<typeof usersIn>>[number];

const usersIn = async ({ directory }: House) =>
  (await everyItem((query) => directory.find(query), { type: entities.user })).map(({ entity }) => entity);

/** What nobody but the victim may change. */
const guarded = ({ id, passwordHash, identities, accountEnabled, forceChangePassword, mail, otherMails }: User) =>
  JSON.stringify({ id, passwordHash, identities, accountEnabled, forceChangePassword, mail, otherMails });

const isVictim = ({ identities }: User): boolean =>
  identities.some(({ issuerAssignedId }) =>
    [...Object.values<string | null>(victims), foreignVictim].includes(issuerAssignedId),
  );

async function addAccounts(house: House): Promise<void> {
  const { directory } = house;
  await directory.update(
    setup,
    { type: entities.b2cAuthenticationMethodsPolicy, id: 'b2CAuthenticationMethodsPolicy' },
    { isUserNameAuthenticationEnabled: true, isPhoneOneTimePasswordAuthenticationEnabled: true },
  );
  const issuer = directory.tenant.domains[0] ?? '';
  const people = [
    { name: victims.userName, mail: victims.email, phone: victims.phone },
    { name: mallory.userName, mail: mallory.email, phone: mallory.phone },
  ];
  for (const { name, mail, phone } of people) {
    const passwordProfile = { password: name === mallory.userName ? mallory.password : newSecret() };
    const rest = { displayName: name, passwordProfile };
    const identity = (signInType: string, issuerAssignedId: string) => ({ signInType, issuer, issuerAssignedId });
    const create = (identities: readonly object[], more = {}) =>
      directory.create(setup, entities.user, { ...rest, identities, ...more });
    await create([identity('userName', name)], { mail });
    await create([identity('phoneNumber', phone)]);
    await create([identity('emailAddress', mail)]);
  }
}

/** One step of a walk: which move, and the numbers it makes its choices with. */
const step = fc.record({
  move: fc.integer({ min: 0, max: 29 }),
  numbers: fc.array(fc.nat(1_000_000), { minLength: 12, maxLength: 12 }),
});

describe('whoever walks a flow at random', () => {
  let house: House;
  let api: ListeningApi;
  let elsewhere: ForeignMallory;
  let initial: readonly string[] = [];
  let consents = 0;
  let accountsWithConsent = 0;
  const flowIds: string[] = [];
  /** Those that are walked now. */
  let walked: readonly string[] = [];
  const obstacles: string[] = [];
  before(async () => {
    house = await openHouse();
    await addAccounts(house);
    for (const { id, draft } of walkedFlows) {
      await createFlow(house, id, draft);
      const obstacle = await house.flows.obstacle(`B2C_1_${id}`);
      if (obstacle === undefined) flowIds.push(`B2C_1_${id}`);
      else obstacles.push(obstacle);
    }
    await addCalls();
    elsewhere = await foreignMallory(house);
    initial = (await usersIn(house)).map(({ id }) => id);
  });
  after(async () => {
    await house.close();
    await api.close();
    await elsewhere.close();
  });

  /** Flows that ask an API at every step, which answers one after the other what an API can answer. */
  async function addCalls(): Promise<void> {
    api = await listeningApi();
    const consent = [goOn({ displayName: 'Changed', postalCode: '1' }), goOn()];
    const answers = [...consent, complaining('No.'), ...consent, blocking('No.'), json({}, 404)];
    const inTurn = new Map<unknown, number>();
    api.answering = (response, call, request) => {
      const { step } = call.body;
      const turn = (inTurn.get(step) ?? 0) + 1;
      inTurn.set(step, turn);
      const answering = answers[turn % answers.length] ?? goOn();
      if (step === 'PostAttributeCollection' && consent.includes(answering)) consents += 1;
      return answering(response, call, request);
    };
    const connector = await addConnector(house, api.origin);
    for (const userFlowType of ['signUpOrSignIn', 'signUp']) {
      const id = `B2C_1_calls${userFlowType}`;
      await createFlow(house, `calls${userFlowType}`, {
        userFlowType,
        settings: { isUserCreatedBeforeMultifactor: true },
      });
      for (const step of connectorSteps) await callAt(house, id, step, connector);
      // As often as some others together, so that walks get as far as an account.
      flowIds.push(...Array(4).fill(id));
    }
  }

  /** Sends what the move says; whatever the server refuses outright is refused without harm. */
  async function make({ move, numbers }: { move: number; numbers: readonly number[] }, tabs: Visitor[]): Promise<void> {
    const pick = picker(numbers);
    const means: Means = { pick, inbox: (to) => house.outbox.messages(to) };
    const tab = tabs.at(-1);
    if (!tab || move === 0) {
      tabs.push(await house.begin(pick(walked), { domainHint }));
      return;
    }
    if (elsewhere.isAway(tab)) {
      await elsewhere.comeBack(tab, pick);
      return;
    }
    if (tab.move.kind === 'go') {
      await tab.look();
      if (pick([true, false])) tabs.pop();
      return;
    }
    await act(move, tab, tabs, means, tab.move);
  }

  async function act(
    move: number,
    tab: Visitor,
    tabs: Visitor[],
    means: Means,
    shown: Extract<Move, { kind: 'show' }>,
  ): Promise<void> {
    const { flows, clock } = house;
    const { action, values } = inputFor(shown, means);
    const { journeyId, browserSecret } = tab;
    const sender = { ...browser, device: means.pick([undefined, 'device-of-mallory']) };
    const send = (revision: number, secret = browserSecret) =>
      flows.answer(journeyId, secret, revision, { action, values }, sender);
    switch (move) {
      case 1:
        await tab.look();
        return;
      case 2:
        // The back button: an older page is sent again.
        await send(Math.max(0, shown.revision - 1));
        return;
      case 3:
        await Promise.all([send(shown.revision), send(shown.revision)]);
        await tab.look();
        return;
      case 4:
        await assert.rejects(send(shown.revision, newSecret()), { code: 'flows.journeyLost' });
        return;
      case 5:
        tabs.unshift(tab);
        tabs.pop();
        return;
      case 6:
        clock.advance(means.pick([31, 61, 601]));
        return;
      case 7:
        await assert.rejects(flows.answer(newId(), browserSecret, 1, { action, values }, sender), {
          code: 'flows.journeyLost',
        });
        return;
      default:
        await tab.press(action, values);
    }
  }

  /** Who signed up in one walk can do so again in the next one. */
  async function removeNewcomers(): Promise<void> {
    const all = await usersIn(house);
    const newcomers = all.filter(({ id }) => !initial.includes(id));
    assert.equal(all.length - newcomers.length, initial.length, 'an account was lost');
    for (const { id } of newcomers) await house.directory.remove(setup, { type: entities.user, id });
  }

  async function assertNobodyIsHarmed(before: ReadonlyMap<string, User>): Promise<void> {
    const now = await usersIn(house);
    const byId = new Map(now.map((user) => [user.id, user]));
    for (const user of before.values()) {
      const kept = byId.get(user.id);
      assert.ok(kept, 'an account was lost');
      if (isVictim(user)) assert.equal(guarded(kept), guarded(user), 'what is somebody else’s was changed');
    }
    const names = now.flatMap(({ identities }) => identities.map(({ issuerAssignedId }) => issuerAssignedId));
    assert.equal(new Set(names).size, names.length, 'a name has two accounts');
    for (const { userId } of house.host.arrivals) {
      const user = byId.get(userId);
      assert.ok(user, 'somebody came in who does not exist');
      assert.ok(!isVictim(user), `somebody came in as ${JSON.stringify(user.identities)}`);
    }
    accountsWithConsent += house.host.arrivals.filter(
      ({ flowId, newUser }) => flowId.startsWith('B2C_1_calls') && newUser,
    ).length;
    assert.ok(accountsWithConsent <= consents, 'an account was made without the consent of the API');
    const made = house.host.arrivals.filter(({ newUser }) => newUser).map(({ userId }) => userId);
    assert.equal(new Set(made).size, made.length, 'an account was made twice');
  }

  test('every flow of the list can be walked', () => assert.deepEqual(obstacles, []));

  async function walkAll(ids: readonly string[], numRuns: number) {
    walked = ids;
    let [steps, arrived, fromElsewhere] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (walk) => {
        await removeNewcomers();
        const people = new Map((await usersIn(house)).map((user) => [user.id, user]));
        const tabs: Visitor[] = [];
        house.host.arrivals.length = 0;
        for (const one of walk) {
          steps += 1;
          await make(one, tabs);
        }
        arrived += house.host.arrivals.length;
        fromElsewhere += house.host.arrivals.filter(({ foreign }) => foreign !== undefined).length;
        await assertNobodyIsHarmed(people);
        // What was counted against Mallory is over by the next walk.
        house.clock.advance(90_000);
      }),
      { numRuns, seed: fuzzSeed, endOnFailure: true },
    );
    return { steps, arrived, fromElsewhere };
  }

  test(`never comes in as somebody else and never loses or doubles an account, in ${walks} walks`, async (context) => {
    const { steps, arrived } = await walkAll(flowIds, walks);
    context.diagnostic(`${walks} walks, ${steps} steps, ${arrived} arrivals`);
    assert.ok(arrived > walks / 100, 'a walk that never arrives proves little');
    const asked = new Set(api.calls.map(({ body }) => body['step']));
    assert.ok(asked.has('PostAttributeCollection') && asked.has('PreTokenIssuance'), 'an API that is never asked too');
    context.diagnostic(`${api.calls.length} calls of an API, ${consents} consents, ${accountsWithConsent} accounts`);
  });

  test(`nor through a foreign provider, in ${fewer} walks`, async (context) => {
    const { steps, arrived, fromElsewhere } = await walkAll(elsewhere.flowIds, fewer);
    context.diagnostic(`${steps} steps, ${fromElsewhere} of ${arrived} arrivals from there`);
    assert.ok(fromElsewhere > fewer / 100, 'a walk that never arrives from there proves little');
  });
});
