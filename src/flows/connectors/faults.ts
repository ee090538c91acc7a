import { defineFaults } from '../../kernel/index.ts';

/** Of API connectors and their certificates. */
export const faults = defineFaults('flows', {
  badTargetUrl: { status: 400, message: 'targetUrl is not valid: {reason}.' },
  secretForOtherOrigin: {
    status: 400,
    message:
      'targetUrl leads to another host or port. Send authenticationConfiguration with its password or certificate again.',
  },
  tooManyConnectors: { status: 400, message: 'A tenant can have at most {maximum} API connectors.' },
  connectorGone: { status: 404, message: "There is no API connector '{id}' any more." },
  sentCertificateList: {
    status: 400,
    message: 'clientCertificateAuthentication is only read. Send pkcs12Certificate, or use uploadClientCertificate.',
  },
  incompletePkcs12: {
    status: 400,
    message: "pkcs12Certificate needs both pkcs12Value and password; password is '' when there is none.",
  },
  badBase64: { status: 400, message: 'pkcs12Value is not valid: it is no base64 text.' },
  badPkcs12: { status: 400, message: 'pkcs12Value is not valid: {reason}.' },
  certificatesBusy: {
    status: 503,
    message: 'Too many certificates are being read at the moment. Try again in a few seconds.',
  },
  wrongPkcs12Password: { status: 400, message: 'The password does not open the certificate in pkcs12Value.' },
});
