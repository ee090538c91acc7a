import forge from 'node-forge';

/** A self-signed certificate and its key in a PKCS #12 file (RFC 7292), Base64, valid since some days. */
export function createPkcs12(password: string, daysOld: number): string {
  const { privateKey, publicKey } = forge.pki.rsa.generateKeyPair(2048);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = publicKey;
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date(Date.now() - daysOld * 86_400_000);
  certificate.validity.notAfter = new Date(Date.now() + 86_400_000);
  const name = [{ name: 'commonName', value: 'golden.contoso.example' }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.sign(privateKey, forge.md.sha256.create());
  const file = forge.pkcs12.toPkcs12Asn1(privateKey, [certificate], password, { algorithm: 'aes256' });
  return forge.util.encode64(forge.asn1.toDer(file).getBytes());
}
