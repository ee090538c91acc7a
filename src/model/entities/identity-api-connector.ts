import { actionOn, type EntityType, entity } from '../entity.ts';
import { boolean, collection, complex, complexType, int64, oneOf, string, variant } from '../property.ts';
import { connectorAudience, connectorStep, connectorTrial } from './connector-call.ts';

/** Base64 of a PKCS #12 file of 32 KiB. */
const maxPkcs12Text = 43_692;
/** PKCS #12 passwords are short; what is longer is no password. */
const maxPkcs12Password = 256;

const apiAuthenticationConfigurationBase = complexType(
  'apiAuthenticationConfigurationBase',
  {},
  { abstract: true, source: 'https://learn.microsoft.com/graph/api/resources/apiauthenticationconfigurationbase' },
);

const basicAuthentication = complexType(
  'basicAuthentication',
  {
    username: string({ required: true, maxLength: 256 }),
    password: string({ required: true, maxLength: 1024, secret: true }),
  },
  {
    base: apiAuthenticationConfigurationBase,
    source: 'https://learn.microsoft.com/graph/api/resources/basicauthentication',
  },
);

/** How a certificate is sent. Never stored: it becomes a `clientCertificateAuthentication`. */
const pkcs12Certificate = complexType(
  'pkcs12Certificate',
  {
    /** Base64 of the file. */
    pkcs12Value: string({ required: true, maxLength: maxPkcs12Text, access: 'write' }),
    /** Empty for a file without password. */
    password: string({ required: true, mayBeBlank: true, maxLength: maxPkcs12Password, access: 'write' }),
  },
  {
    base: apiAuthenticationConfigurationBase,
    source: 'https://learn.microsoft.com/graph/api/resources/pkcs12certificate',
  },
);

const pkcs12CertificateInformation = complexType(
  'pkcs12CertificateInformation',
  {
    /** SHA-1 of the certificate in upper-case hexadecimal. */
    thumbprint: string({ nullable: true }),
    /** Seconds since 1970 (RFC 7519 §2 NumericDate). */
    notAfter: int64(),
    notBefore: int64(),
    /** The one that calls present: the latest uploaded of those now valid. Told at every read, by the clock. */
    isActive: boolean({ default: false }),
    /** PEM, the client's certificate first, then those that signed it. */
    certificateChain: string({ access: 'internal' }),
    /** PEM (PKCS #8). */
    privateKey: string({ access: 'internal', secret: true }),
  },
  'https://learn.microsoft.com/graph/api/resources/pkcs12certificateinformation',
);

/** How uploaded certificates are read. Callers send `pkcs12Certificate` instead. */
const clientCertificateAuthentication = complexType(
  'clientCertificateAuthentication',
  {
    /** The latest uploaded first. */
    certificateList: collection(complex(pkcs12CertificateInformation), { access: 'server' }),
  },
  {
    base: apiAuthenticationConfigurationBase,
    source: 'https://learn.microsoft.com/graph/api/resources/clientcertificateauthentication',
  },
);

/** An API that user flows call, and how they prove who they are. */
export const identityApiConnector = entity('identityApiConnector', {
  set: { path: 'identity/apiConnectors' },
  properties: {
    displayName: string({ required: true, maxLength: 256, indexed: true }),
    targetUrl: string({ required: true, maxLength: 2048 }),
    authenticationConfiguration: variant(
      apiAuthenticationConfigurationBase,
      [basicAuthentication, pkcs12Certificate, clientCertificateAuthentication],
      { required: true },
    ),
  },
  operations: {
    uploadClientCertificate: actionOn('entity', {
      parameters: {
        pkcs12Value: string({ required: true, maxLength: maxPkcs12Text, text: 'lines' }),
        password: string({ required: true, mayBeBlank: true, maxLength: maxPkcs12Password, text: 'any' }),
      },
      returns: (): EntityType => identityApiConnector,
    }),
    /** Calls it for a person who does not exist, as the documented samples show, and says what a journey would make of the answer. */
    test: actionOn('entity', {
      versions: ['beta'],
      parameters: {
        step: oneOf(connectorStep, { required: true }),
        audience: oneOf(connectorAudience, { default: 'b2c' }),
      },
      returns: complex(connectorTrial),
    }),
  },
  // No operation lists `APIConnectors.Read.All` (Graph contract b.8).
  permissions: { read: ['APIConnectors.ReadWrite.All'], write: ['APIConnectors.ReadWrite.All'] },
  source: 'https://learn.microsoft.com/graph/api/resources/identityapiconnector',
});
