/** The parameters of a request, in any of the four ways that the Bot API takes them. */
import type { IncomingMessage } from 'node:http';
import { badRequest } from './api-error.ts';
import { toTexts } from './arguments.ts';
import type { NewFile } from './file-store.ts';
import { parseMultipart } from './parse-multipart.ts';

export interface ReadRequest {
  readonly query: URLSearchParams;
  readonly contentType: string | null;
  /** JSON as it came, or the fields of a form; null where there was none. */
  readonly body: Readonly<Record<string, unknown>> | null;
  readonly uploads: ReadonlyMap<string, NewFile>;
  /** A file was larger than may be; its bytes are not kept. */
  readonly isTooLarge: boolean;
  /** Everything as text. */
  readonly values: ReadonlyMap<string, string>;
}

/** A request may carry an album. */
const MAX_FILES = 10;

/** @throws ApiError 400 where the body cannot be parsed */
export async function readRequest(
  request: IncomingMessage,
  query: URLSearchParams,
  maxFileBytes: number,
): Promise<ReadRequest> {
  const contentType = request.headers['content-type'] ?? null;
  const bytes = await readAll(request, maxFileBytes * MAX_FILES);
  const uploads = new Map<string, NewFile>();
  let isTooLarge = bytes === null;
  let body: Readonly<Record<string, unknown>> | null = null;
  if (bytes !== null && contentType?.startsWith('multipart/form-data') === true) {
    const fields: Record<string, unknown> = {};
    for (const part of parseMultipart(contentType, bytes)) {
      if (part.filename === null) {
        fields[part.name] = part.bytes.toString();
      } else {
        uploads.set(part.name, { name: part.filename, mimeType: part.mimeType, bytes: part.bytes });
        isTooLarge ||= part.bytes.length > maxFileBytes;
      }
    }
    body = fields;
  } else if (bytes !== null) {
    body = parseBody(contentType, bytes);
  }
  return { query, contentType, body, uploads, isTooLarge, values: new Map([...query, ...toTexts(body ?? {})]) };
}

/** To its end in any case: a client that is still sending would take an early answer for a broken connection. Null: too long. */
async function readAll(request: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  let chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length > maxBytes) chunks = [];
    else chunks.push(chunk as Buffer);
  }
  return length > maxBytes ? null : Buffer.concat(chunks);
}

function parseBody(contentType: string | null, bytes: Buffer): Record<string, unknown> | null {
  if (bytes.length === 0) return null;
  if (contentType?.startsWith('application/json') === true) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(bytes.toString());
    } catch (error) {
      throw Object.assign(badRequest("can't parse JSON object"), { cause: error });
    }
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
      throw badRequest("can't parse JSON object");
    return parsed as Record<string, unknown>;
  }
  return Object.fromEntries(new URLSearchParams(bytes.toString()));
}
