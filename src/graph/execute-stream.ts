import type { Versioned } from '../directory/index.ts';
import { Fault, systemFor } from '../kernel/index.ts';
import type { EntityType, MediaStream } from '../model/index.ts';
import type { Address } from './address.ts';
import { guardWrite } from './conditions.ts';
import { faults } from './faults.ts';
import type { Json } from './json.ts';
import { findIn, locate, refOf } from './locate.ts';
import type { Result, Work } from './work.ts';

interface Streamed {
  readonly found: Versioned<EntityType>;
  readonly stream: MediaStream;
}

/** The content of an entity. Throws `graph.notFound` when it has none. */
export async function readStream(address: Address, work: Work): Promise<Result> {
  const { found, stream } = await streamAt(address, work);
  const text = (found.entity as Json)[stream.property];
  if (typeof text !== 'string') throw faults.notFound({ id: found.entity.id });
  return { kind: 'stream', mediaType: stream.mediaType, text, etag: found.etag };
}

/** Replaces the content. It is kept in an internal property, which only the server itself may set. */
export async function writeStream(address: Address, work: Work): Promise<Result> {
  const { directory, caller, conditions } = work;
  const { found, stream } = await streamAt(address, work);
  const ifMatch = guardWrite(conditions, found.etag);
  const text = await work.text(stream.mediaType, stream.maxBytes);
  await directory.update(systemFor(caller, 'content'), refOf(found), { [stream.property]: text }, ifMatch);
  return { kind: 'nothing' };
}

/**
 * Takes the content of a stored entity away by removing it; one that is built in is there again as it was at first, and one that was
 * never changed stays as it is.
 */
export async function clearStream(address: Address, work: Work): Promise<Result> {
  const { directory, caller, conditions } = work;
  const { found } = await streamAt(address, work);
  const ifMatch = guardWrite(conditions, found.etag);
  try {
    await directory.remove(caller, refOf(found), ifMatch);
  } catch (error) {
    // It was found a moment ago, so it is there without being stored.
    if (!(error instanceof Fault) || error.code !== 'directory.notFound') throw error;
  }
  return { kind: 'nothing' };
}

async function streamAt(address: Address, { directory }: Work): Promise<Streamed> {
  const located = await locate(directory, address.collection);
  const found = await findIn(directory, located, address);
  const { stream } = found.type;
  if (!stream) throw faults.unknownSegment({ segment: '$value' });
  return { found, stream };
}
