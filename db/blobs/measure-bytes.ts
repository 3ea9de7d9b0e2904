import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { BlobTooLargeError } from '../../workflows/contract/blob-store.ts';

export interface ByteMeasure {
  /** Passes the bytes on while it counts and hashes them. Thrown BlobTooLargeError before the first byte too many. */
  through(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined>;
  /** Of what has passed; call once, at the end. */
  result(): { readonly bytes: number; readonly sha256: string };
}

export function measureBytes(maxBytes = Infinity): ByteMeasure {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    async *through(source) {
      for await (const piece of source) {
        bytes += piece.byteLength;
        if (bytes > maxBytes) throw new BlobTooLargeError(maxBytes);
        hash.update(piece);
        yield piece;
      }
    },
    result: () => ({ bytes, sha256: hash.digest('hex') }),
  };
}

const READ_BYTES = 1 << 20;

/** Lower-case hex; 0.1 to 0.3 s for a song's PCM. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: READ_BYTES })) hash.update(piece as Buffer);
  return hash.digest('hex');
}
