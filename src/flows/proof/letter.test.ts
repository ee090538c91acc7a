import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { entities } from '../../model/index.ts';
import { contextFor, type House, openHouse } from '../testing/harness.ts';
import { admin, susi } from '../testing/on-every-engine.ts';
import type { CodePurpose } from './destination.ts';
import { codeLetter } from './letter.ts';
import { codeText } from './text-message.ts';

describe('messages with a code', () => {
  let house: House;
  before(async () => {
    house = await openHouse();
  });
  after(() => house.close());

  const write = (purpose: CodePurpose, locales: readonly string[] = ['en']) =>
    codeLetter(
      contextFor(house, {}, { locales }),
      { channel: 'email', purpose, address: 'ada@contoso.example' },
      '123456',
    );
  const setTexts = (...emailTexts: readonly object[]) =>
    house.directory.update(admin, susi, { settings: { emailTexts } });

  test('every kind of letter says what it is for', async () => {
    const kinds = ['addressVerification', 'passwordReset', 'oneTimePasscode', 'multifactorCode'] as const;
    const letters = await Promise.all(kinds.map((kind) => write(kind)));
    assert.equal(new Set(letters.map(({ subject }) => subject)).size, kinds.length);
    for (const { subject, text, html } of letters) {
      assert.match(text, /\n\n123456\n\n/);
      assert.match(html, /<strong [^>]*>123456<\/strong>/);
      assert.match(html, /^<!doctype html>\n<html lang="en" dir="ltr">/);
      assert.doesNotMatch(`${subject}${text}${html}`, /\{\w+\}/, 'nothing is left to fill in');
    }
  });

  test('the flow says it in its own words, by kind and language, the rest stays ours', async () => {
    const body = 'Servus {app}\nnimm <{code}>\n\n{minutes} Minuten, {email}';
    await setTexts(
      { kind: 'passwordReset', languageTag: 'DE', subject: 'Neu bei {tenant}', body },
      { kind: 'passwordReset', languageTag: null, subject: 'Everywhere else', body: null },
      { kind: 'passwordReset', languageTag: 'de-CH', subject: null, body: 'Grüezi {code}' },
    );
    const german = await write('passwordReset', ['de-AT']);
    assert.equal(german.subject, 'Neu bei Contoso <b>&');
    assert.equal(german.text, 'Servus Tasks\nnimm <123456>\n\n10 Minuten, ada@contoso.example\n');
    assert.match(german.html, /<p>Servus Tasks<br>nimm &lt;<strong [^>]*>123456<\/strong>&gt;<\/p>\n<p>10 Minuten/);
    const swiss = await write('passwordReset', ['de-CH']);
    assert.deepEqual([swiss.text, swiss.subject], ['Grüezi 123456\n', 'Neu bei Contoso <b>&']);
    const french = await write('passwordReset', ['fr']);
    assert.equal(french.subject, 'Everywhere else');
    assert.match(french.text, /choose a new password/, 'its body is ours');
    assert.doesNotMatch((await write('oneTimePasscode', ['de'])).text, /Servus/, 'another kind');
    await setTexts();
    assert.notEqual((await write('passwordReset', ['fr'])).subject, 'Everywhere else', 'a change counts at once');
  });

  test('letters call the tenant by the name it has now', async () => {
    const organization = { type: entities.organization, id: house.directory.tenant.id };
    await house.directory.update(admin, organization, { displayName: 'Woodgrove' });
    const { subject, text } = await write('oneTimePasscode');
    assert.match(subject, /Woodgrove/);
    assert.match(text, /\n\nWoodgrove\n$/);
  });

  test('a text message is one line that begins with the name of the application', async () => {
    const to = { channel: 'sms', purpose: 'multifactorCode', address: '+15550100' } as const;
    const { text } = await codeText(contextFor(house, {}, { locales: ['en'] }), to, '123456');
    assert.match(text, /^Tasks: .*123456/);
    assert.doesNotMatch(text, /[\r\n]|\{/);
  });
});
