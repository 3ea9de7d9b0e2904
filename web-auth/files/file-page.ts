/** `GET /d/<token>`: one file of a result, as a download that can be taken up again where it stopped. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { contentDisposition } from '../../db/blobs/content-disposition.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import { readByteRange } from './byte-range.ts';
import type { ByteRange } from './byte-range.ts';
import { contentTypeOf } from './content-type.ts';
import { answerInWords, answerNotFound } from '../door/plain-answer.ts';

/** Whoever signs links knows how to open them. */
export type OpenLink = (token: string) =>
  | {
      readonly state: 'good';
      readonly file: { readonly key: string; readonly sha256: string; readonly fileName: string };
    }
  | { readonly state: 'expired' | 'unknown' };

export interface FilePageDeps {
  readonly openLink: OpenLink;
  readonly blobs: Pick<BlobStore, 'head' | 'read'>;
}

const EXPIRED = 'This link has ended. Ask for the song again in the chat, and there is a new one.';
const NOT_KEPT = 'This file is not kept any more. Ask for the song again in the chat, and it is made anew.';

/** Looking changes nothing, so a chat's preview of the link may look as often as it likes. Resolves when the bytes are sent or the client is gone. */
export async function answerFile(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  { openLink, blobs }: FilePageDeps,
): Promise<void> {
  const link = openLink(token);
  if (link.state !== 'good') {
    if (link.state === 'expired') answerInWords(response, 410, EXPIRED);
    else answerNotFound(response);
    return;
  }
  const { key, sha256, fileName } = link.file;
  const blob = await blobs.head(key);
  if (blob === null || blob.sha256 !== sha256) {
    answerInWords(response, 410, NOT_KEPT);
    return;
  }
  const etag = `"${sha256}"`;
  response.setHeader('ETag', etag);
  response.setHeader('Cache-Control', 'private, no-cache');
  if (isKnownTo(request.headers['if-none-match'], etag)) {
    response.writeHead(304).end();
    return;
  }
  const range = wantedRange(request, blob.bytes, etag);
  response.setHeader('Accept-Ranges', 'bytes');
  if (range === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${String(blob.bytes)}`);
    answerInWords(response, 416, 'The file has no such part.');
    return;
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
  else await send(response, part === null ? blobs.read(key) : blobs.read(key, part));
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
async function send(response: ServerResponse, source: AsyncIterable<Uint8Array>): Promise<void> {
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
