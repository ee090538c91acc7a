import type forge from 'node-forge';
import { faults } from './faults.ts';

export type Node = forge.asn1.Asn1;
type Forge = typeof forge;

/** Loaded when the first certificate is sent: most servers never need it, and it holds some megabytes. */
const library = async (): Promise<Forge> => (await import('node-forge')).default;

export const refused = (reason: string) => faults.badPkcs12({ reason, target: 'pkcs12Value' });

/** Reads DER, or BER as some programs write it. */
export interface Asn1Reader {
  /** Throws `flows.badPkcs12`. */
  read(bytes: Buffer): Node;
  write(node: Node | undefined): Buffer;
  /** The dotted text of an object identifier. */
  oid(node: Node | undefined): string;
  /** Decrypts with RC2 (RFC 2268) in CBC mode; undefined when the padding is wrong. */
  decryptRc2(key: Buffer, initial: Buffer, data: Buffer): Buffer | undefined;
}

export async function openAsn1(): Promise<Asn1Reader> {
  const { asn1, rc2, util } = await library();
  const text = (bytes: Buffer): string => bytes.toString('latin1');
  return {
    read(bytes) {
      try {
        return asn1.fromDer(text(bytes));
      } catch (cause) {
        throw faults.badPkcs12({ reason: 'it is no PKCS #12 file', target: 'pkcs12Value' }, cause);
      }
    },
    write(node) {
      if (!node) throw refused('it is no PKCS #12 file');
      return Buffer.from(asn1.toDer(node).getBytes(), 'latin1');
    },
    oid(node) {
      if (node?.type !== asn1.Type.OID || typeof node.value !== 'string') throw refused('it is no PKCS #12 file');
      return asn1.derToOid(node.value);
    },
    decryptRc2(key, initial, data) {
      const cipher = rc2.createDecryptionCipher(text(key), key.length * 8);
      cipher.start(text(initial));
      cipher.update(util.createBuffer(text(data)));
      return cipher.finish() ? Buffer.from(cipher.output.getBytes(), 'latin1') : undefined;
    },
  };
}

/** The parts of a node that has parts, else none. */
export const partsOf = (node: Node | undefined): readonly Node[] =>
  node && Array.isArray(node.value) ? node.value : [];

/** The bytes of an octet string, which BER may have cut into pieces. Throws `flows.badPkcs12`. */
export function bytesOf(node: Node | undefined): Buffer {
  if (!node) throw refused('it is no PKCS #12 file');
  return Array.isArray(node.value) ? Buffer.concat(node.value.map(bytesOf)) : Buffer.from(node.value, 'latin1');
}

/** A whole number that is not negative. Throws `flows.badPkcs12`. */
export function numberOf(node: Node | undefined): number {
  const bytes = bytesOf(node);
  if (bytes.length === 0 || bytes.length > 6 || (bytes[0] ?? 0) > 0x7f) throw refused('it is no PKCS #12 file');
  return bytes.readUIntBE(0, bytes.length);
}
