import forge from 'node-forge';

const { pki, md } = forge;

/** A certificate for one name that signs itself, and its key; PEM. */
export function certificateFor(name: string): { readonly certificate: string; readonly key: string } {
  const { publicKey, privateKey } = pki.rsa.generateKeyPair(2048);
  const made = pki.createCertificate();
  made.publicKey = publicKey;
  made.serialNumber = '01';
  made.validity.notBefore = new Date(Date.now() - 60_000);
  made.validity.notAfter = new Date(Date.now() + 3_600_000);
  const subject = [{ name: 'commonName', value: name }];
  made.setSubject(subject);
  made.setIssuer(subject);
  made.setExtensions([
    { name: 'subjectAltName', altNames: [{ type: 2, value: name }] },
    { name: 'basicConstraints', cA: true },
  ]);
  made.sign(privateKey, md.sha256.create());
  return { certificate: pki.certificateToPem(made), key: pki.privateKeyToPem(privateKey) };
}
