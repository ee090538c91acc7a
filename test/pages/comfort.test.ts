import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plugIn } from '../support/virtual-authenticator.ts';
import { answers, journeyOf } from './gallery.ts';
import { showGallery } from './shown.ts';

/** What the scripts of the pages add: passkeys, copying, printing. */

const { inBrowser, open } = showGallery();

const sentBy = (screen: string) => answers.get(journeyOf({ screen }))?.at(-1);
const answerOf = (screen: string) => JSON.parse(sentBy(screen)?.values['passkey'] ?? '{}');

test('a passkey is made and used by pressing a button, and its answer is sent as JSON', async () => {
  await inBrowser({}, async (page) => {
    await plugIn(page);
    await open(page, 'new-passkey');
    await page.getByRole('button', { name: 'Create a passkey' }).click();
    await page.waitForSelector('#localAccountForm');
    assert.equal(sentBy('new-passkey')?.action, 'createPasskey');
    const made = answerOf('new-passkey');
    assert.equal(made.type, 'public-key');
    const client = JSON.parse(Buffer.from(made.response.clientDataJSON, 'base64url').toString());
    assert.deepEqual([client.type, client.challenge], ['webauthn.create', 'AAAAAAAAAAAAAAAAAAAAAA']);
    assert.ok(made.response.attestationObject.length > 100);

    await open(page, 'second-factor-passkey');
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.waitForSelector('#createAccount');
    assert.equal(sentBy('second-factor-passkey')?.action, 'usePasskey');
    const used = answerOf('second-factor-passkey');
    assert.equal(used.id, made.id);
    assert.equal(Buffer.from(used.response.userHandle, 'base64url').toString(), 'user');
    assert.ok(used.response.signature.length > 50);

    // The browser offers it beside the name field by itself, and this device takes every offer.
    await open(page, 'sign-in-full-refused');
    await page.waitForURL('**/sign-in-full-refused__*');
    await page.waitForSelector('body:not(:has(#passkey))');
    assert.equal(answerOf('sign-in-full-refused').id, made.id);
  });
});

test('what the device refuses is said, and the page can be used on', async () => {
  await inBrowser({}, async (page) => {
    await plugIn(page);
    await open(page, 'sign-in-full');
    // No passkey was made on this device.
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('That did not work').waitFor();
    await page.fill('#email', 'ada@example.com');
    await page.fill('#password', 'secret words');
    await page.click('#next');
    await page.waitForURL('**/back');
  });
});

test('without scripts no passkey is offered, and the other ways are there', async () => {
  await inBrowser({ javaScriptEnabled: false }, async (page) => {
    await open(page, 'sign-in-full');
    assert.equal(await page.getByText('Sign in with a passkey').isVisible(), false);
    assert.equal(await page.locator('#next').isVisible(), true);
    await open(page, 'recovery-codes');
    assert.equal(await page.getByText('Print', { exact: true }).isVisible(), false);
    assert.equal(await page.locator('.codes li').count(), 10);
  });
});

test('recovery codes are copied as lines', async () => {
  await inBrowser({ permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
    await open(page, 'recovery-codes');
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied.').waitFor();
    const lines = String(await page.evaluate('navigator.clipboard.readText()')).split('\n');
    assert.deepEqual([lines.length, lines[0]], [10, '4f0k-9tq0']);
  });
});

test('a box that was ticked arrives as true, and one that was not does not arrive', async () => {
  await inBrowser({ javaScriptEnabled: false }, async (page) => {
    await open(page, 'recovery-codes');
    await page.check('#kept');
    await page.click('#continue');
    await page.waitForURL('**/back');
    assert.equal(sentBy('recovery-codes')?.values['kept'], 'true');
    await open(page, 'sign-in-full');
    await page.fill('#email', 'ada@example.com');
    await page.fill('#password', 'x');
    await page.click('#next');
    await page.waitForURL('**/back');
    assert.equal(sentBy('sign-in-full')?.values['rememberMe'], undefined);
  });
});

test('a country is chosen and a number typed without scripts; the step gets one number', async () => {
  await inBrowser({ javaScriptEnabled: false }, async (page) => {
    await open(page, 'phonefactor');
    await page.selectOption('#countryCode', { label: 'Germany (\u2066+49\u2069)' });
    await page.fill('#localNumber', '030 901820');
    await page.click('#sendCode');
    await page.waitForSelector('#createAccount');
    assert.deepEqual(sentBy('phonefactor'), { action: 'sendCode', values: { localNumber: '+4930901820' } });
  });
});

test('the code of an authenticator app can be scanned: the picture holds the address', async () => {
  await inBrowser({}, async (page) => {
    await open(page, 'totp');
    const image = page.getByRole('img', { name: 'Scan this picture' });
    const box = await image.boundingBox();
    assert.ok(box && box.width >= 150 && Math.abs(box.width - box.height) < 1);
    assert.equal(await page.locator('#authenticatorInfoControl-secret').textContent(), 'JBSWY3DPEHPK3PXP');
    assert.match(String(await page.getAttribute('.openApp', 'href')), /^otpauth:\/\/totp\//);
  });
});
