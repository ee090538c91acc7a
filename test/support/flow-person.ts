import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { authorizeWeb, membersOf } from './flow-settings.ts';
import { claimsIn } from './sign-in.ts';
import { seeded, type Usher } from './usher.ts';
import { newVisitor, textOf, type Visit, type Visitor } from './visitor.ts';

/** Somebody who walks a flow in a browser of their own, one press after the other; asks for nothing but an ID token. */
export class Person {
  readonly visitor: Visitor;
  seen: Visit | undefined;
  private readonly usher: Usher;

  constructor(usher: Usher) {
    this.usher = usher;
    this.visitor = newVisitor(usher);
  }

  async open(flow: string, changes: Readonly<Record<string, string>> = {}): Promise<this> {
    this.seen = await this.visitor.open(
      authorizeWeb(this.usher, flow, { response_type: 'id_token', scope: 'openid', ...changes }),
    );
    return this;
  }
  get page(): Visit {
    assert.ok(this.seen);
    return this.seen;
  }
  get text(): string {
    return textOf(this.page.html);
  }
  /** A button that the page has not got cannot be pressed. */
  async press(action: string, values: Readonly<Record<string, string>> = {}): Promise<this> {
    assert.match(this.page.html, new RegExp(`value="${action}"`), this.text);
    this.seen = await this.visitor.submit(this.page, action, values);
    return this;
  }
  /** Presses with the code that was last sent. */
  async prove(to: string): Promise<this> {
    const code = await this.usher.code(to);
    return to.startsWith('+')
      ? this.press('phoneVerificationControl_but_verify_code', { phoneVerificationCode: code })
      : this.press('emailVerificationControl_but_verify_code', { emailVerificationCode: code });
  }
  async proveEmail(email: string): Promise<this> {
    await this.press('email_ver_but_send', { email });
    return this.press('email_ver_but_verify', { email, email_ver_input: await this.usher.code(email) });
  }
  /** Claims of the ID token it was sent back with. */
  get claims(): Readonly<Record<string, unknown>> {
    return claimsIn(this.members.get('id_token') ?? '');
  }
  get members(): URLSearchParams {
    assert.ok(this.page.left, `still on a page: ${this.text.slice(0, 400)}`);
    return membersOf(this.page.left);
  }
  /** The code of the error it was sent back with. */
  get refused(): string | undefined {
    return /^AADB2C\d+/.exec(this.members.get('error_description') ?? '')?.[0];
  }
}

/** As the two controls of a field for numbers send it. */
export const typed = (name: string, number: string) => ({
  [`${name}.country`]: 'DE',
  [`${name}.number`]: number.replace('+49', '0'),
});

export const freshNumber = (): string => `+49151${randomInt(10_000_000, 99_999_999)}`;
export const freshName = (): string => `u${randomInt(10 ** 10)}`;
export const freshEmail = (): string => `${freshName()}@contoso.example`;

export const identityOf = (signInType: string, issuerAssignedId: string) => ({
  signInType,
  issuer: seeded.tenant,
  issuerAssignedId,
});
