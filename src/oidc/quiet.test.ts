import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openHouse, origin } from './testing/harness.ts';
import {
  authorizeUrl,
  createBrowser,
  postToken,
  readRedirect,
  redemption,
  signedIn,
  signIn,
} from './testing/visitor.ts';

test('nothing is said on the console, and nothing is reported as a defect', async (context) => {
  const said: unknown[] = [];
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    context.mock.method(console, method, (...words: unknown[]) => void said.push(words));
  }
  const house = await openHouse();
  try {
    await signedIn(house);
    const browser = createBrowser(house);
    await signIn(house, browser, { ending: { refusal: 'cancelled' } });
    await browser.get(authorizeUrl({ prompt: 'none' }));
    await browser.get(`${origin}/contoso.onmicrosoft.com/b2c_1_susi/oauth2/v2.0/logout`);
    await postToken(house, redemption('nothing'));
    assert.deepEqual(said, []);
    assert.deepEqual(
      house.observed.filter(({ kind }) => kind === 'warning'),
      [],
    );
  } finally {
    await house.close();
  }
});

test('a defect inside is answered as a temporary one to the application, and reported with its cause', async () => {
  const house = await openHouse();
  try {
    const cause = new Error('the disk is on fire');
    Object.assign(house.contoso.journeys, { start: () => Promise.reject(cause) });
    const response = await house.fetch(authorizeUrl());
    const { params } = readRedirect(response);
    assert.equal(params.get('error'), 'server_error');
    assert.match(params.get('error_description') ?? '', /^AADB2C90085: /);
    assert.doesNotMatch(params.get('error_description') ?? '', /fire/);
    const warning = house.observed.find(({ kind }) => kind === 'warning');
    assert.equal(warning?.kind === 'warning' && warning.error, cause);
  } finally {
    await house.close();
  }
});
