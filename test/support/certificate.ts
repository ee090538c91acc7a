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

/** The same as a PKCS #12 file in base64, as Graph takes it. */
export function pkcs12For(name: string): { readonly pkcs12Value: string; readonly password: string } {
  const { certificate, key } = certificateFor(name);
  const password = 'pw';
  const made = [pki.certificateFromPem(certificate)];
  const file = forge.pkcs12.toPkcs12Asn1(pki.privateKeyFromPem(key), made, password, { algorithm: 'aes256' });
  const bytes = Buffer.from(forge.asn1.toDer(file).getBytes(), 'latin1');
  return { pkcs12Value: bytes.toString('base64'), password };
}
