/** Where tus puts what comes: pieces in the blob store, and how far it has come in the ticket's row. Any process may take the next piece. */
import type { Readable } from 'node:stream';
import { DataStore, ERRORS, Upload } from '@tus/server';
import type { Uploads, Upload as Ticket } from '../../db/uploads.repository.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';

/** A connection that breaks loses at most this much of what it has sent. */
const PART_BYTES = 4 * 1024 * 1024;

export interface PartStoreDeps {
  readonly uploads: Uploads;
  readonly blobs: BlobStore;
  /** The ticket that this id of an upload belongs to. */
  readonly ticketOf: (id: string) => Promise<Ticket | null>;
}

export function createPartStore({ uploads, blobs, ticketOf }: PartStoreDeps): DataStore {
  class PartStore extends DataStore {
    override async create(upload: Upload): Promise<Upload> {
      const ticket = await ticketOf(upload.id);
      const sizeBytes = upload.size;
      if (ticket === null || sizeBytes === undefined) throw ERRORS.FILE_NOT_FOUND;
      const fileName = upload.metadata?.filename ?? 'song';
      if (!(await uploads.declare(ticket.id, { fileName, sizeBytes }))) throw ERRORS.INVALID_OFFSET;
      return upload;
    }

    override async write(stream: Readable, id: string, offset: number): Promise<number> {
      const ticket = await ticketOf(id);
      if (ticket === null) throw ERRORS.FILE_NOT_FOUND;
      let at = offset;
      for await (const part of inParts(stream)) {
        await blobs.put(partKey(ticket.id, at), once(part));
        if (!(await uploads.advance(ticket.id, at, at + part.length))) throw ERRORS.INVALID_OFFSET;
        at += part.length;
      }
      return at;
    }

    override async getUpload(id: string): Promise<Upload> {
      const ticket = await ticketOf(id);
      if (ticket === null || ticket.sizeBytes === null) throw ERRORS.FILE_NOT_FOUND;
      const { sizeBytes: size, offsetBytes, fileName } = ticket;
      return new Upload({ id, size, offset: offsetBytes, metadata: { filename: fileName } });
    }

    override async remove(id: string): Promise<void> {
      const ticket = await ticketOf(id);
      if (ticket === null || !(await uploads.restart(ticket.id))) throw ERRORS.FILE_NOT_FOUND;
      await deleteParts(blobs, ticket.id);
    }
  }
  const store = new PartStore();
  store.extensions = ['creation', 'termination'];
  return store;
}

/** The pieces in their order, as one. */
export async function* partsOf(blobs: BlobStore, ticketId: string): AsyncIterable<Uint8Array> {
  for (const key of await partKeys(blobs, ticketId)) yield* blobs.read(key);
}

export async function deleteParts(blobs: BlobStore, ticketId: string): Promise<void> {
  for (const key of await partKeys(blobs, ticketId)) await blobs.delete(key);
}

async function partKeys(blobs: BlobStore, ticketId: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of blobs.list(`uploads/${ticketId}/`)) keys.push(key);
  return keys.toSorted((a, b) => (a < b ? -1 : 1));
}

function partKey(ticketId: string, atBytes: number): string {
  return `uploads/${ticketId}/${String(atBytes).padStart(14, '0')}`;
}

/** Whole parts, and the rest; also the rest before the stream broke off, as it has come. */
async function* inParts(stream: Readable): AsyncIterable<Uint8Array> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  let broken: unknown = null;
  try {
    for await (const piece of stream as AsyncIterable<Uint8Array>) {
      held.push(piece);
      bytes += piece.length;
      if (bytes >= PART_BYTES) {
        yield Buffer.concat(held);
        held = [];
        bytes = 0;
      }
    }
  } catch (error) {
    broken = error;
  }
  if (bytes > 0) yield Buffer.concat(held);
  if (broken !== null) throw broken;
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
