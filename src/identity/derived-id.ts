import { createHash } from 'node:crypto';

/** The id of something every tenant has, the same in every process that asks (a UUID of version 8, RFC 9562 §5.8). */
export function derivedId(tenantId: string, purpose: string): string {
  const bytes = createHash('sha256').update(`${tenantId}\n${purpose}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
