import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { fuzzSeed, longRuns } from '../../../test/support/random.ts';
import { entities, everyItem } from '../../model/index.ts';
import { tenantSignIn } from '../events/contender.ts';
import { assignToGuests, createGuestFlow, partner } from '../testing/guests.ts';
import { addUser, type House, openHouse, seed, sender, type Visitor } from '../testing/harness.ts';
import { inputFor, type Means, mallory, picker, victims } from '../testing/mallory.ts';

const walks = longRuns(100, 5_000);

const { user, invitation } = entities;

type User = Awaited<ReturnType<typeof usersIn>>[number];

const usersIn = async ({ directory }: House) =>
  (await everyItem((query) => directory.find(query), { type: user })).map(({ entity }) => entity);

/** What nobody but the victim may change. */
const guarded = ({ identities, externalUserState, passwordHash, mail, accountEnabled }: User): string =>
  JSON.stringify({ identities, externalUserState, passwordHash, mail, accountEnabled });

const step = fc.record({
  move: fc.integer({ min: 0, max: 19 }),
  numbers: fc.array(fc.nat(1_000_000), { minLength: 12, maxLength: 12 }),
});

describe('whoever walks at random at the tenant', () => {
  let house: House;
  let initial: readonly User[];
  let tickets: readonly string[];
  before(async () => {
    house = await openHouse();
    await createGuestFlow(house);
    await assignToGuests(house, 'displayName');
    await addUser(house, mallory.email);
    const identities = [{ signInType: 'federated', issuer: 'mail', issuerAssignedId: victims.email }];
    await house.directory.create(seed, user, { userType: 'Guest', mail: victims.email, identities });
    const invite = async (invitedUserEmailAddress: string) => {
      const draft = { invitedUserEmailAddress, inviteRedirectUrl: 'https://app.example/' };
      const { entity } = await house.directory.create(seed, invitation, draft);
      return new URL(entity.inviteRedeemUrl ?? '').searchParams.get('ticket') ?? '';
    };
    // Both links were forwarded to Mallory, who is meant by neither.
    tickets = [await invite('invited@contoso.example'), await invite('other@contoso.example')];
    initial = await usersIn(house);
  });
  after(() => house.close());

  async function open(pick: Means['pick']): Promise<Visitor> {
    const way = pick([partner, partner, tenantSignIn, ...tickets]);
    if (!tickets.includes(way)) return house.begin(way);
    const begun = await house.flows.redeem(way, { acceptLanguages: [], sender, correlationId: 'c' });
    // In a long run the links grow too old.
    return begun ? house.resume(begun) : house.begin(partner);
  }

  async function make({ move, numbers }: { move: number; numbers: readonly number[] }, tabs: Visitor[]): Promise<void> {
    const pick = picker(numbers);
    const tab = tabs.at(-1);
    if (!tab || move === 0 || tab.move.kind === 'go') {
      tabs.push(await open(pick));
      return;
    }
    const { action, values } = inputFor(tab.move, { pick, inbox: (to) => house.outbox.messages(to) });
    if (move === 1) house.clock.advance(pick([31, 601]));
    else if (move === 2) await tab.look();
    else if (move === 3) {
      const { revision } = tab.move;
      const send = () => house.flows.answer(tab.journeyId, tab.browserSecret, revision, { action, values }, sender);
      await Promise.all([send(), send()]);
      await tab.look();
    } else await tab.press(action, values);
  }

  async function assertNobodyIsHarmed(): Promise<void> {
    const now = new Map((await usersIn(house)).map((one) => [one.id, one]));
    for (const before of initial) {
      const kept = now.get(before.id) ?? assert.fail('an account was lost');
      assert.equal(guarded(kept), guarded(before), 'what is somebody else’s was changed');
    }
    for (const { userId } of house.host.arrivals) {
      const { identities = [] } = now.get(userId) ?? {};
      const own: readonly (string | null)[] = mallory.mailboxes;
      const isHers = identities.some(({ issuerAssignedId }) => own.includes(issuerAssignedId));
      assert.ok(isHers, `somebody came in as ${JSON.stringify(identities)}`);
    }
  }

  async function removeNewcomers(): Promise<void> {
    const known = new Set(initial.map(({ id }) => id));
    const newcomers = (await usersIn(house)).filter(({ id }) => !known.has(id));
    for (const { id } of newcomers) await house.directory.remove(seed, { type: user, id });
  }

  test(`never comes in as somebody else and accepts nobody's invitation, in ${walks} walks`, async (context) => {
    let arrived = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (walk) => {
        const tabs: Visitor[] = [];
        house.host.arrivals.length = 0;
        for (const one of walk) await make(one, tabs);
        arrived += house.host.arrivals.length;
        await assertNobodyIsHarmed();
        await removeNewcomers();
        house.clock.advance(3700);
      }),
      { seed: fuzzSeed, numRuns: walks },
    );
    context.diagnostic(`${arrived} arrivals`);
    assert.ok(arrived > 0, 'the walks get nowhere, so they prove nothing');
  });
});
