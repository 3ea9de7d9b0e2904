/** One blob as an answer: whole, a part of it, or that the client has it already. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { contentDisposition } from '../../db/blobs/content-disposition.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import { answerInWords } from '../door/plain-answer.ts';
import { readByteRange } from './byte-range.ts';
import type { ByteRange } from './byte-range.ts';
import { contentTypeOf } from './content-type.ts';

export interface SendableFile {
  readonly key: string;
  readonly sha256: string;
  /** What it is called where it is saved. */
  readonly fileName: string;
}

export interface SendFileDeps {
  readonly blobs: Pick<BlobStore, 'head' | 'read'>;
}

/** False, and nothing is answered, where these bytes are not kept any more. Resolves when they are sent or the client is gone. */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  { key, sha256, fileName }: SendableFile,
  { blobs }: SendFileDeps,
): Promise<boolean> {
  const blob = await blobs.head(key);
  if (blob === null || blob.sha256 !== sha256) return false;
  const etag = `"${sha256}"`;
  response.setHeader('ETag', etag);
  response.setHeader('Cache-Control', 'private, no-cache');
  if (isKnownTo(request.headers['if-none-match'], etag)) {
    response.writeHead(304).end();
    return true;
  }
  const range = wantedRange(request, blob.bytes, etag);
  response.setHeader('Accept-Ranges', 'bytes');
  if (range === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${String(blob.bytes)}`);
    answerInWords(response, 416, 'The file has no such part.');
    return true;
  }
  const part = range === 'whole' ? null : range;
  response.strictContentLength = true;
  response.writeHead(part === null ? 200 : 206, {
    'Content-Type': contentTypeOf(fileName),
    'Content-Disposition': contentDisposition(fileName),
    'Content-Length': part === null ? blob.bytes : part.end - part.start + 1,
    ...(part === null ? {} : { 'Content-Range': `bytes ${part.start}-${part.end}/${blob.bytes}` }),
  });
  if (request.method === 'HEAD') response.end();
  else await sendBytes(response, part === null ? blobs.read(key) : blobs.read(key, part));
  return true;
}

/** `If-Range` takes strong comparison; a date never fits, as we send none. `Range` means something with GET alone. */
function wantedRange(
  { method, headers }: IncomingMessage,
  size: number,
  etag: string,
): ByteRange | 'whole' | 'unsatisfiable' {
  const { range } = headers;
  const ifRange = headers['if-range'];
  if (method !== 'GET' || range === undefined || (ifRange !== undefined && ifRange !== etag)) return 'whole';
  return readByteRange(range, size);
}

function isKnownTo(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//u, '')) ?? [];
  return tags.includes(etag) || tags.includes('*');
}

/** No faster than the client takes it. When this returns, the source is closed, also where the client went away. */
export async function sendBytes(response: ServerResponse, source: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of source) {
    if (response.destroyed) return;
    if (!response.write(piece)) await drained(response);
  }
  response.end();
}

async function drained(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}
