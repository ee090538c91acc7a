import assert from 'node:assert/strict';
import { membersOf } from '../../support/flow-settings.ts';
import { textOf, type Visit } from '../../support/visitor.ts';
import type { Bench } from '../bench.ts';
import { withPages } from '../first-page.ts';
import type { Chapter } from '../proof.ts';
import type { FlowKind } from '../settings.ts';
import { pastFirst } from './factors.ts';

const gate = (ageGating: object) => ({ settings: { ageGating } });

const asksAge = ({ html }: Visit): boolean => html.includes('id="dateOfBirth_day"');
const isShut = ({ html }: Visit): boolean => textOf(html).includes('You cannot sign in yet');

/** Somebody says on the page of the flow how old they are, by this computer's clock: that of the server may be some months ahead. */
async function enter(bench: Bench, kind: FlowKind, flow: string, years: number): Promise<Visit> {
  const { visitor, visit } = await pastFirst(bench, kind, flow);
  assert.ok(asksAge(visit), visit.html.slice(0, 1500));
  return visitor.submit(visit, 'continue', {
    'dateOfBirth.day': '1',
    'dateOfBirth.month': '1',
    'dateOfBirth.year': String(new Date().getUTCFullYear() - years),
    // Parents consent there below the age of 13.
    country: 'GB',
  });
}

export const ages: Chapter = {
  proofs: [
    {
      settings: ['settings/ageGating/isEnabled'],
      kinds: withPages,
      says: 'Whose age is not known is asked for it, where the flow wants to know',
      async prove(bench, kind) {
        const flow = await bench.flow(kind);
        assert.equal(asksAge((await pastFirst(bench, kind, flow)).visit), false);
        await bench.set(flow, gate({ isEnabled: true }));
        assert.equal(asksAge((await pastFirst(bench, kind, flow)).visit), true);
      },
    },
    {
      settings: ['settings/ageGating/isEnabled'],
      kinds: ['resourceOwner'],
      says: 'No password is exchanged at a flow that would have to ask for an age',
      async prove(bench, kind) {
        const flow = await bench.flow(kind);
        await bench.finish(kind, flow);
        await bench.set(flow, gate({ isEnabled: true }));
        await assert.rejects(bench.finish(kind, flow), /AADB2C90224/);
      },
    },
    {
      settings: ['settings/ageGating/rule'],
      kinds: withPages,
      says: 'People are kept out below full age, below the age at which parents need not consent, or not at all',
      async prove(bench, kind) {
        const flow = await bench.flow(kind);
        const keptOut = {
          allowMinors: [false, false],
          blockMinorsBelowAgeOfConsent: [true, false],
          blockAllMinors: [true, true],
        };
        for (const [rule, expected] of Object.entries(keptOut)) {
          await bench.set(flow, gate({ isEnabled: true, rule }));
          const seen = [isShut(await enter(bench, kind, flow, 5)), isShut(await enter(bench, kind, flow, 14))];
          assert.deepEqual(seen, expected, rule);
        }
      },
    },
    {
      settings: ['settings/ageGating/whenBlocked'],
      kinds: withPages,
      says: 'Who is kept out is shown a page, or the application is told',
      async prove(bench, kind) {
        const flow = await bench.flow(kind, gate({ isEnabled: true, rule: 'blockAllMinors' }));
        assert.ok(isShut(await enter(bench, kind, flow, 5)));
        await bench.set(flow, gate({ whenBlocked: 'tellApplication' }));
        const told = membersOf((await enter(bench, kind, flow, 5)).left);
        assert.equal(told.get('error'), 'access_denied');
        assert.match(told.get('error_description') ?? '', /^AADB2C99900: \{"blocked":"minor"\}/);
      },
    },
  ],
  exemptions: [
    {
      settings: ['settings/ageGating/rule', 'settings/ageGating/whenBlocked'],
      kinds: ['resourceOwner'],
      because: 'No password is exchanged while age gating is on, whatever its rule.',
    },
  ],
};
