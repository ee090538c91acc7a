import { attributeOf, emailAttribute, mailIssuer, type User } from '../../identity/index.ts';
import { fold } from '../../model/index.ts';
import type { AttributeValue } from '../attributes/read.ts';
import type { Facts } from '../facts.ts';
import type { AccountKind } from '../local-accounts.ts';
import type { KnownAttribute } from './answer-claims.ts';
import type { ConnectorAudience } from './connector-step.ts';
import type { SentIdentity, Subject } from './request-body.ts';

/** `identities.signInType` of the names of local accounts. */
const signInTypes: Readonly<Record<AccountKind, string>> = {
  emailWithPassword: 'emailAddress',
  emailCode: 'emailAddress',
  userName: 'userName',
  phone: 'phoneNumber',
};

const text = (value: AttributeValue | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Whose account is about to be made. `issuer`: of the names of this tenant's own accounts. */
export function newcomer(facts: Facts, audience: ConnectorAudience, issuer: string): Subject {
  const { foreign, prefill, attributes: collected, signInName, accountKind = 'emailWithPassword' } = facts;
  const attributes = { ...prefill, ...collected };
  if (foreign) {
    const { issuerAssignedId } = foreign;
    const email = text(attributes[emailAttribute]) ?? foreign.email;
    return {
      ...(email === undefined ? {} : { email }),
      identities: [{ signInType: 'federated', issuer: foreign.issuer, issuerAssignedId }],
      attributes,
    };
  }
  const email = signInName?.includes('@') ? signInName : facts.recoveryEmail;
  const identity =
    audience === 'b2x'
      ? { signInType: 'federated', issuer: mailIssuer }
      : { signInType: signInTypes[accountKind], issuer };
  return {
    ...(email === undefined ? {} : { email }),
    identities: signInName === undefined ? [] : [{ ...identity, issuerAssignedId: signInName }],
    attributes,
  };
}

/** Graph's form of what the directory has of a name; one without an id of its own says nothing. */
const sent = ({ signInType, issuer, issuerAssignedId }: User['identities'][number]): readonly SentIdentity[] =>
  signInType && issuer && issuerAssignedId && fold(signInType) !== 'userprincipalname'
    ? [{ signInType, issuer, issuerAssignedId }]
    : [];

/** Somebody who has an account, as the directory knows them. */
export function accountHolder(user: User, attributes: readonly KnownAttribute[]): Subject {
  const identities = user.identities.flatMap(sent);
  const name = identities.find(({ signInType }) => fold(signInType) === 'emailaddress')?.issuerAssignedId;
  const email = name ?? user.mail ?? user.otherMails[0];
  const values = attributes
    .filter(({ id }) => fold(id) !== emailAttribute)
    .flatMap(({ id }) => {
      const value = attributeOf(user, id);
      return value === undefined ? [] : [[id, value] as const];
    });
  return {
    ...(email ? { email } : {}),
    identities,
    objectId: user.id,
    attributes: Object.fromEntries(values),
  };
}
