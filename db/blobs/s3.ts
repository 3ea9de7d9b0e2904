// Blobs as objects of an S3 bucket. The hash travels as metadata, so it must be known before the bytes are sent: what comes as a
// stream waits in memory while it is small, else in a file.
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { StoredBlob } from '../../workflows/contract/recording.ts';
import { checkBlobKey, checkBlobPrefix } from './blob-key.ts';
import { contentDisposition } from './content-disposition.ts';
import { measureBytes, sha256OfFile } from './measure-bytes.ts';
import { readObject } from './s3-read.ts';
import type { ScratchFolder } from './scratch-folder.ts';

export interface S3Access {
  readonly bucket: string;
  readonly client: S3Client;
  /** Signs with the address under which browsers reach the server. */
  readonly publicClient: S3Client;
  /** For what is too large for memory on its way. */
  readonly scratch: ScratchFolder;
}

/** Below this one request is cheaper than several, and the bytes fit in memory. */
const PART_BYTES = 8 << 20;
/** Parts on their way at once: bounds the memory of one upload to four times the above. */
const PARTS_AT_ONCE = 4;
const CONTENT_TYPE = 'application/octet-stream';

/** The bucket must be there. */
export function createS3Store({ bucket, client, publicClient, scratch }: S3Access): BlobStore {
  const object = (key: string): { Bucket: string; Key: string } => ({ Bucket: bucket, Key: key });

  async function head(key: string): Promise<StoredBlob | null> {
    checkBlobKey(key);
    try {
      const { ContentLength = 0, Metadata } = await client.send(new HeadObjectCommand(object(key)));
      return { key, bytes: ContentLength, sha256: Metadata?.['sha256'] ?? (await hashObject(key)) };
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  /** For an object that somebody else put there. */
  async function hashObject(key: string): Promise<string> {
    const measure = measureBytes();
    for await (const piece of measure.through(readObject(client, bucket, key))) void piece;
    return measure.result().sha256;
  }

  async function putBytes(key: string, bytes: Uint8Array, sha256: string): Promise<void> {
    await client.send(
      new PutObjectCommand({
        ...object(key),
        Body: bytes,
        ContentLength: bytes.byteLength,
        ContentType: CONTENT_TYPE,
        Metadata: { sha256 },
      }),
    );
  }

  async function uploadFile(key: string, path: string, sha256: string): Promise<void> {
    const Body = createReadStream(path, { highWaterMark: 1 << 20 });
    const upload = new Upload({
      client,
      params: { ...object(key), Body, ContentType: CONTENT_TYPE, Metadata: { sha256 } },
      partSize: PART_BYTES,
      queueSize: PARTS_AT_ONCE,
      leavePartsOnError: false,
    });
    try {
      await upload.done();
    } finally {
      Body.destroy();
    }
  }

  async function inOwnFile<T>(use: (path: string) => Promise<T>): Promise<T> {
    const path = scratch.newPath();
    try {
      return await use(path);
    } finally {
      await rm(path, { force: true });
    }
  }

  return {
    async put(key, source, options) {
      checkBlobKey(key);
      const measure = measureBytes(options?.maxBytes);
      const bytes = measure.through(source);
      const { pieces, rest } = await takeUpTo(bytes, PART_BYTES);
      if (rest === null) {
        const { bytes: size, sha256 } = measure.result();
        await putBytes(key, Buffer.concat(pieces), sha256);
        return { key, bytes: size, sha256 };
      }
      return await inOwnFile(async (path) => {
        await pipeline(
          Readable.from(joined(pieces, rest), { objectMode: false }),
          createWriteStream(path, { flags: 'wx', mode: 0o600 }),
        );
        const { bytes: size, sha256 } = measure.result();
        await uploadFile(key, path, sha256);
        return { key, bytes: size, sha256 };
      });
    },

    async putFile(key, path, options) {
      checkBlobKey(key);
      const { size } = await stat(path);
      const sha256 = options?.sha256 ?? (await sha256OfFile(path));
      if (size < PART_BYTES) await putBytes(key, await readSmall(path), sha256);
      else await uploadFile(key, path, sha256);
      if (options?.consume === true) await rm(path);
      return { key, bytes: size, sha256 };
    },

    head,

    read(key, range) {
      checkBlobKey(key);
      return readObject(client, bucket, key, range);
    },

    async withFile(key, use) {
      checkBlobKey(key);
      return await inOwnFile(async (path) => {
        await pipeline(
          Readable.from(readObject(client, bucket, key), { objectMode: false }),
          createWriteStream(path, { flags: 'wx', mode: 0o600 }),
        );
        return await use(path);
      });
    },

    async delete(key) {
      checkBlobKey(key);
      try {
        await client.send(new DeleteObjectCommand(object(key)));
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    },

    async *list(prefix) {
      checkBlobPrefix(prefix);
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
        for (const { Key } of Contents) if (Key !== undefined) yield Key;
      }
    },

    async presign(key, { expiresSeconds, downloadName }) {
      checkBlobKey(key);
      const command = new GetObjectCommand({
        ...object(key),
        ResponseContentType: CONTENT_TYPE,
        ResponseContentDisposition: contentDisposition(downloadName),
      });
      return await getSignedUrl(publicClient, command, { expiresIn: expiresSeconds });
    },
  };
}

export function isMissing(error: unknown): boolean {
  const { name } = error as { name?: string };
  return name === 'NoSuchKey' || name === 'NotFound';
}

interface Taken {
  readonly pieces: readonly Uint8Array[];
  /** What comes after the pieces; null where nothing does. */
  readonly rest: AsyncGenerator<Uint8Array, void, undefined> | null;
}

async function takeUpTo(source: AsyncGenerator<Uint8Array, void, undefined>, limit: number): Promise<Taken> {
  const pieces: Uint8Array[] = [];
  for (let taken = 0; ;) {
    const next = await source.next();
    if (next.done === true) return { pieces, rest: null };
    // A copy: the source may use its buffer again.
    pieces.push(Uint8Array.from(next.value));
    taken += next.value.byteLength;
    if (taken >= limit) return { pieces, rest: source };
  }
}

async function* joined(
  pieces: readonly Uint8Array[],
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* pieces;
  yield* rest;
}

async function readSmall(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}
