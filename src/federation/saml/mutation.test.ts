import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fuzzSeed, longRuns } from '../../../test/support/random.ts';
import { departure, settle } from '../testing/saml-setting.ts';

/** Elements with what is in them, and single tags. */
const pieces = /<([\w:]+)[^<>]*>[^<]*<\/\1>|<[^<>]+>/g;

/** One change that somebody makes who holds a signed answer: characters, pieces and whole elements go, come or change places. */
const change = fc.record({
  what: fc.constantFrom('cut', 'repeat', 'overwrite', 'swap', 'move'),
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  to: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  text: fc.constantFrom(
    'victim',
    '<',
    '>',
    '"',
    '&amp;',
    ' ',
    '\u0000',
    '</saml:Assertion>',
    '<saml:NameID>victim</saml:NameID>',
  ),
});

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(xml: string, { what, at, to, text }: Change): string {
  const found = [...xml.matchAll(pieces)];
  const one = found[Math.floor(at * found.length)];
  const other = found[Math.floor(to * found.length)];
  if (!one || !other) return xml;
  const index = Math.floor(at * xml.length);
  const without = (part: RegExpExecArray) => xml.slice(0, part.index) + xml.slice(part.index + part[0].length);
  switch (what) {
    case 'cut':
      return without(one);
    case 'repeat':
      return xml.slice(0, other.index) + one[0] + xml.slice(other.index);
    case 'overwrite':
      return xml.slice(0, index) + text + xml.slice(index + text.length);
    case 'swap':
      return xml.replace(one[0], () => other[0]);
    default: {
      const rest = without(one);
      const place = Math.floor(to * rest.length);
      return rest.slice(0, place) + one[0] + rest.slice(place);
    }
  }
}

test('whatever is done to a signed answer, nobody else is proved by it and nothing breaks', async (t) => {
  const { local, provider } = await settle(t);
  const departed = await provider.depart(departure);
  assert.ok(departed);
  const way = { ...departure, kept: departed.kept };
  const { params } = await local.visit(departed.url, () => ({ signs: 'both' }));
  const original = await provider.receive({ params }, way);
  assert.equal(original.kind, 'proved');
  const xml = Buffer.from(params['SAMLResponse'] ?? '', 'base64').toString();

  const outcomes = { proved: 0, cancelled: 0, failed: 0 };
  const property = fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
    const forged = changes.reduce(changed, xml);
    const SAMLResponse = Buffer.from(forged).toString('base64');
    const outcome = await provider.receive({ params: { ...params, SAMLResponse } }, way);
    outcomes[outcome.kind] += 1;
    if (outcome.kind === 'proved') assert.deepEqual(outcome, original);
  });
  await fc.assert(property, { numRuns: longRuns(150, 20_000), seed: fuzzSeed });
  // Neither was everything refused at sight, nor did the changes change nothing.
  assert.ok(outcomes.failed > 20 && outcomes.proved > 20, JSON.stringify(outcomes));
});
