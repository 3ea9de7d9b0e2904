/** Several blobs as one ZIP, made while it is sent: stored as they are, so that its length is known before, and nothing waits on disk. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { makeZip, predictLength } from 'client-zip';
import { contentDisposition } from '../../db/blobs/content-disposition.ts';
import type { StoredBlob } from '../../workflows/contract/recording.ts';
import { sendBytes } from './send-file.ts';
import type { SendFileDeps } from './send-file.ts';

export interface ZippedFile {
  /** Inside the ZIP. */
  readonly fileName: string;
  readonly blob: StoredBlob;
}

export interface ZipToSend {
  /** What it is called where it is saved. */
  readonly fileName: string;
  readonly files: readonly ZippedFile[];
  /** Of every file in it. */
  readonly modifiedAt: Date;
}

/** False, and nothing is answered, where one of the files is not kept any more. Resolves when it is sent or the client is gone. */
export async function sendZip(
  request: IncomingMessage,
  response: ServerResponse,
  { fileName, files, modifiedAt }: ZipToSend,
  { blobs }: SendFileDeps,
): Promise<boolean> {
  const found = await Promise.all(files.map(async ({ blob }) => await blobs.head(blob.key)));
  if (files.some(({ blob }, index) => found[index]?.sha256 !== blob.sha256)) return false;
  const length = predictLength(files.map(({ fileName: name, blob }) => ({ name, size: blob.bytes })));
  response.strictContentLength = true;
  response.writeHead(200, {
    'Content-Type': 'application/zip',
    'Content-Disposition': contentDisposition(fileName),
    'Content-Length': String(length),
    'Cache-Control': 'private, no-store',
  });
  if (request.method === 'HEAD') response.end();
  else await sendBytes(response, zipped(files, modifiedAt, blobs));
  return true;
}

/** One file is open at a time, and closed when the reader goes away. */
async function* zipped(
  files: readonly ZippedFile[],
  modifiedAt: Date,
  blobs: SendFileDeps['blobs'],
): AsyncGenerator<Uint8Array> {
  let open: AsyncIterator<Uint8Array> | null = null;
  const entries = function* (): Generator<{
    name: string;
    input: AsyncIterable<Uint8Array>;
    size: number;
    lastModified: Date;
  }> {
    for (const { fileName: name, blob } of files) {
      const reading = blobs.read(blob.key)[Symbol.asyncIterator]();
      open = reading;
      yield { name, input: { [Symbol.asyncIterator]: () => reading }, size: blob.bytes, lastModified: modifiedAt };
    }
  };
  const reader = makeZip(entries()).getReader();
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
  } finally {
    // The ZIP's stream does not close what it reads from.
    await (open as AsyncIterator<Uint8Array> | null)?.return?.();
  }
}
