import type { Page } from 'playwright-core';
import type { Usher } from './usher.ts';

/** What a person types to sign up; each test invents its own address. */
export interface NewPerson {
  readonly email: string;
  readonly password: string;
  /** Values of further fields by element id, e.g. `displayName`. */
  readonly attributes?: Readonly<Record<string, string>>;
}

let counter = 0;

/** An address nobody else in this process uses. */
export function newPerson(attributes: Readonly<Record<string, string>> = {}): NewPerson {
  counter += 1;
  return {
    email: `person-${process.pid}-${counter}@example.com`,
    password: 'Correct-horse-9-battery',
    attributes: { displayName: 'Ada Example', givenName: 'Ada', surname: 'Example', ...attributes },
  };
}

/** Signs in on the unified page that is shown. */
export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.fill('#email', email);
  await page.fill('#password', password);
  await page.click('#next');
}

/** Goes from the unified page through the sign-up page, with the code out of the outbox. */
export async function signUp(page: Page, usher: Usher, person: NewPerson): Promise<void> {
  await page.click('#createAccount');
  await page.fill('#email', person.email);
  await page.click('#email_ver_but_send');
  await page.waitForSelector('#email_ver_input');
  await page.fill('#email_ver_input', await usher.code(person.email));
  await page.click('#email_ver_but_verify');
  await page.waitForSelector('#email_success');
  await page.fill('#newPassword', person.password);
  await page.fill('#reenterPassword', person.password);
  for (const [id, value] of Object.entries(person.attributes ?? {})) {
    const field = page.locator(`#${id}`);
    if (await field.count()) await field.fill(value);
  }
  await page.click('#continue');
}
