import { behaviour, type OperationCall, type PrepareContext, type Versioned } from '../../directory/index.ts';
import { type Clock, flawOfOutsideUrl, isFault } from '../../kernel/index.ts';
import { type Draft, type EntityOf, entities } from '../../model/index.ts';
import { type ClientCertificate, readClientCertificate, withActive } from './client-certificate.ts';
import { faults } from './faults.ts';

type Connector = EntityOf<typeof entities.identityApiConnector>;
type ConnectorDraft = Draft<typeof entities.identityApiConnector>;
type Context = PrepareContext<typeof entities.identityApiConnector>;
type Authentication = NonNullable<ConnectorDraft['authenticationConfiguration']>;

/** A bound of ours: none is documented. */
const maxConnectors = 250;
/** Certificates of one connector; the oldest goes when another one comes. */
const maxCertificates = 10;
/** How often an upload starts over because others wrote the connector meanwhile. */
const maxAttempts = 5;

const type = entities.identityApiConnector;

/** Throws `flows.badTargetUrl`. */
function demandTargetUrl(targetUrl: string): void {
  const reason = flawOfOutsideUrl(targetUrl);
  if (reason !== undefined) throw faults.badTargetUrl({ reason, target: 'targetUrl' });
}

/**
 * What was entrusted to be sent to one place is not sent to another because somebody may change the address: who does so names the
 * secret as well. Throws `flows.secretForOtherOrigin`.
 */
function demandSecret({ targetUrl, authenticationConfiguration: given }: ConnectorDraft, context: Context): void {
  const { caller, current } = context;
  if (caller.kind === 'system' || !current || targetUrl === undefined) return;
  if (new URL(targetUrl).origin === new URL(current.targetUrl).origin) return;
  // A mask is gone by now: it keeps the secret that is stored.
  const sent =
    given?.['@odata.type'] === 'pkcs12Certificate' ||
    (given?.['@odata.type'] === 'basicAuthentication' && typeof given.password === 'string');
  if (!sent) throw faults.secretForOtherOrigin({ target: 'authenticationConfiguration' });
}

/** A certificate that was sent becomes the only one (Graph contract b.8: it replaces the previous configuration). */
async function received(given: Authentication, { caller, current }: Context): Promise<Authentication> {
  const name = given['@odata.type'];
  if (name === 'pkcs12Certificate') {
    const { pkcs12Value, password }: Partial<typeof given> = given;
    // An update may leave members out, but there is nothing that they could be kept from.
    if (pkcs12Value === undefined || password === undefined) throw faults.incompletePkcs12();
    const certificate = await readClientCertificate(pkcs12Value, password);
    return { '@odata.type': 'clientCertificateAuthentication', certificateList: [certificate] };
  }
  const kept = current?.authenticationConfiguration['@odata.type'] === name;
  if (name === 'clientCertificateAuthentication' && caller.kind !== 'system' && !kept)
    throw faults.sentCertificateList();
  return given;
}

/** The certificates of a connector with their keys, the latest first. */
async function storedCertificates({ directory, target }: Upload): Promise<readonly ClientCertificate[]> {
  const { authenticationConfiguration: authentication } = target.entity;
  if (authentication['@odata.type'] !== 'clientCertificateAuthentication') return [];
  const secrets = await directory.reveal({ type, id: target.entity.id });
  return authentication.certificateList.flatMap((certificate, index) => {
    const privateKey = secrets[`authenticationConfiguration/certificateList/${index}/privateKey`];
    return privateKey === undefined ? [] : [{ ...certificate, thumbprint: certificate.thumbprint ?? '', privateKey }];
  });
}

type Call = OperationCall<typeof entities.identityApiConnector>;
type Upload = Call & { readonly target: NonNullable<Call['target']> };

async function addCertificate(call: Upload, certificate: ClientCertificate) {
  const others = (await storedCertificates(call)).filter(({ thumbprint }) => thumbprint !== certificate.thumbprint);
  const certificateList = [certificate, ...others].slice(0, maxCertificates);
  const authenticationConfiguration = { '@odata.type': 'clientCertificateAuthentication', certificateList };
  const ref = { type, id: call.target.entity.id };
  return call.directory.update(call.trusted, ref, { authenticationConfiguration }, call.target.etag);
}

/** Adds to the list, or takes the place of a password. Throws `flows.badPkcs12` and its like, `store.stale`. */
async function uploadClientCertificate(call: Call): Promise<unknown> {
  const { pkcs12Value, password } = call.parameters;
  const certificate = await readClientCertificate(String(pkcs12Value), String(password));
  let { target } = call;
  for (let attempt = 1; target; attempt += 1) {
    try {
      return await addCertificate({ ...call, target }, certificate);
    } catch (error) {
      if (attempt === maxAttempts || !isFault(error, 'store.stale')) throw error;
    }
    target = await call.directory.get({ type, id: target.entity.id });
  }
  return undefined;
}

type Found = Versioned<typeof entities.identityApiConnector>;

/** What readers see: which certificate is active depends on the time. */
function shown({ authenticationConfiguration: authentication }: Connector, clock: Clock): Partial<Connector> {
  if (authentication['@odata.type'] !== 'clientCertificateAuthentication') return {};
  const certificateList = withActive(authentication.certificateList, clock.now());
  return { authenticationConfiguration: { ...authentication, certificateList } };
}

/** What the declaration of an API connector cannot express (Graph contract a.5, b.8). */
export const apiConnectorRules = behaviour({
  type,
  async prepare(draft: ConnectorDraft, context: Context): Promise<ConnectorDraft> {
    if (draft.targetUrl !== undefined) demandTargetUrl(draft.targetUrl);
    demandSecret(draft, context);
    const { authenticationConfiguration: given } = draft;
    return given ? { ...draft, authenticationConfiguration: await received(given, context) } : draft;
  },
  atMost: { maximum: maxConnectors, full: faults.tooManyConnectors },
  derive: async (found: readonly Found[], { clock }) => found.map(({ entity }) => shown(entity, clock)),
  operations: { uploadClientCertificate },
});
