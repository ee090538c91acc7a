import { createHash } from 'node:crypto';
import { seeded, type Usher } from '../../test/support/usher.ts';

/** One of the people in the store, known by number alone, so that no list of them is kept. */
export interface Person {
  readonly id: string;
  readonly givenName: string;
  readonly surname: string;
  readonly mail: string;
  /** What proves the person at the provider that the federated ones come from. */
  readonly subject: string;
  readonly userPrincipalName: string;
  /** Signs in with an address and a password, as nine of ten do. */
  readonly local: boolean;
}

const onsets = ['B', 'D', 'F', 'G', 'H', 'K', 'L', 'M', 'N', 'R', 'S', 'T', 'V', 'Br', 'Ch', 'Gr', 'St', 'Th'];
const middles = ['ab', 'al', 'an', 'ed', 'el', 'em', 'ib', 'il', 'in', 'od', 'ol', 'or', 'ub', 'ul', 'um', 'yn'];
const ends = ['a', 'e', 'ia', 'o', 'us', 'er', 'en', 'is', 'ard', 'ette'];

/** One of 2,880 names for every number. */
function nameOf(number: number): string {
  const pick = (from: readonly string[], at: number) => from[at % from.length] ?? '';
  const second = Math.floor(number / onsets.length);
  return `${pick(onsets, number)}${pick(middles, second)}${pick(ends, Math.floor(second / middles.length))}`;
}

export function personOf(number: number): Person {
  const hash = createHash('sha256').update(`person ${number}`).digest();
  const hex = hash.toString('hex');
  const variant = '89ab'[hash.readUInt8(20) & 3];
  const id = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(12, 15)}`,
    `${variant}${hex.slice(15, 18)}`,
    hex.slice(18, 30),
  ];
  const [givenName, surname] = [nameOf(hash.readUInt16BE(24) % 600), nameOf(hash.readUInt32BE(26))];
  return {
    id: id.join('-'),
    givenName,
    surname,
    mail: `${givenName}.${surname}.${number}@mail.example`.toLowerCase(),
    subject: `${hash.readUIntBE(0, 6)}${number}`,
    userPrincipalName: `${id.join('-')}@${seeded.tenant}`,
    local: number % 10 !== 0,
  };
}

/** Stand in the samples where people differ. */
const marks = {
  givenName: 'Givenmark',
  surname: 'Surnamemark',
  mail: 'mail-mark@mail.example',
  subject: 'subject-mark',
};

const draft = {
  displayName: `${marks.givenName} ${marks.surname}`,
  givenName: marks.givenName,
  surname: marks.surname,
  mail: marks.mail,
  otherMails: [`spare.${marks.mail}`],
  city: 'Berlin',
  country: 'Germany',
  jobTitle: 'Engineer',
};
const localIdentity = { signInType: 'emailAddress', issuer: seeded.tenant, issuerAssignedId: marks.mail };
const federatedIdentity = { signInType: 'federated', issuer: 'google.com', issuerAssignedId: marks.subject };

/** Has the API itself create the people that all others are copies of; gives their ids. */
export async function createSamples(usher: Usher): Promise<Samples> {
  const create = async (body: unknown) => {
    const response = await usher.graph('POST', '/v1.0/users', body);
    const answer = (await response.json()) as { readonly id?: string };
    if (response.status !== 201 || answer.id === undefined) throw new Error(`no sample: ${JSON.stringify(answer)}`);
    return answer.id;
  };
  const passwordProfile = { password: seeded.password, forceChangePasswordNextSignIn: false };
  return {
    local: await create({ ...draft, identities: [localIdentity], passwordProfile }),
    federated: await create({ ...draft, mail: `f.${marks.mail}`, identities: [federatedIdentity] }),
  };
}

/** Ids of the people that the API made, or what it stored of them. */
export interface Samples<T = string> {
  readonly local: T;
  readonly federated: T;
}

type Values = Readonly<Record<string, unknown>>;

const firstDay = Date.UTC(2019, 0, 1);
const spanSeconds = 200_000_000;

/** What the API would have stored of a person, from what it stored of the sample. */
export function copierOf(samples: Samples<{ readonly id: string; readonly values: Values }>) {
  const text = { local: JSON.stringify(samples.local.values), federated: JSON.stringify(samples.federated.values) };
  const created = String(samples.local.values['createdDateTime']);
  const alsoCreated = String(samples.federated.values['createdDateTime']);
  const mark = new RegExp(
    [...Object.values(marks), samples.local.id, samples.federated.id, created, alsoCreated].join('|'),
    'g',
  );
  return (number: number): { readonly id: string; readonly values: Values } => {
    const person = personOf(number);
    const second = Number.parseInt(person.id.slice(0, 8), 16) % spanSeconds;
    const date = new Date(firstDay + second * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
    const known: Readonly<Record<string, string>> = {
      [marks.givenName]: person.givenName,
      [marks.surname]: person.surname,
      [marks.mail]: person.mail,
      [marks.subject]: person.subject,
      [samples.local.id]: person.id,
      [samples.federated.id]: person.id,
      [created]: date,
      [alsoCreated]: date,
    };
    const copied = text[person.local ? 'local' : 'federated'].replace(mark, (found) => known[found] ?? found);
    return { id: person.id, values: JSON.parse(copied) as Values };
  };
}
