import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import { BlobMissingError } from '../../workflows/contract/blob-store.ts';
import { checkByteRange } from './blob-key.ts';
import type { ByteRange } from './blob-key.ts';

/** How often a body that breaks off is taken up again where it stopped, without a byte in between. */
const MOST_BREAKS = 4;

interface OpenedObject {
  readonly body: Readable;
  readonly bytes: number;
  readonly etag: string | undefined;
}

/**
 * An object's bytes, exactly as many as it has. The client retries requests; bodies that break off are continued here, from
 * the same version of the object. Thrown BlobMissingError; RangeError for a range that begins behind the last byte.
 */
export async function* readObject(
  client: S3Client,
  bucket: string,
  key: string,
  range?: ByteRange,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (range !== undefined) checkByteRange(range);
  let start = range?.start ?? 0;
  let etag: string | undefined;
  let left: number | undefined;
  for (let breaks = 0; ;) {
    const opened = await openObject(client, { bucket, key, start, end: range?.end, etag });
    etag ??= opened.etag;
    left ??= opened.bytes;
    try {
      for await (const piece of opened.body as AsyncIterable<Uint8Array>) {
        start += piece.byteLength;
        left -= piece.byteLength;
        yield piece;
      }
      if (left === 0) return;
      throw new Error(`the body of ${key} ended ${String(left)} bytes early`);
    } catch (error) {
      breaks += 1;
      if (left <= 0 || breaks > MOST_BREAKS) throw error;
    } finally {
      opened.body.destroy();
    }
  }
}

async function openObject(
  client: S3Client,
  want: { bucket: string; key: string; start: number; end: number | undefined; etag: string | undefined },
): Promise<OpenedObject> {
  const { bucket, key, start, end, etag } = want;
  const whole = start === 0 && end === undefined;
  try {
    const { Body, ContentLength, ETag } = await client.send(
      new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ...(whole ? {} : { Range: `bytes=${String(start)}-${end === undefined ? '' : String(end)}` }),
        ...(etag === undefined ? {} : { IfMatch: etag }),
      }),
    );
    if (Body === undefined || ContentLength === undefined) throw new Error(`the server sent no length for ${key}`);
    return { body: Body as Readable, bytes: ContentLength, etag: ETag };
  } catch (error) {
    const name = (error as { name?: string }).name ?? '';
    if (name === 'NoSuchKey' || name === 'NotFound') throw new BlobMissingError(key);
    if (name === 'InvalidRange')
      throw new RangeError(`range starts at byte ${String(start)}, behind the end of ${key}`);
    throw error;
  }
}
