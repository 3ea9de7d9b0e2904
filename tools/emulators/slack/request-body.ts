/** Reads a request's body: a form, a multipart form, JSON, or bytes. */
import type { IncomingMessage } from 'node:http';
import busboy from 'busboy';
import { isRecord } from '../core/described.ts';
import { SlackError } from './slack-error.ts';

export interface RequestBody {
  readonly kind: 'none' | 'form' | 'json' | 'multipart';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly files: readonly UploadedPart[];
}

export interface UploadedPart {
  readonly field: string;
  readonly bytes: Buffer;
}

/** @throws SlackError `invalid_json`, `json_not_object`, `invalid_form_data`, `invalid_post_type` */
export async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/form-data')) return await readMultipart(request);
  const bytes = await readBytes(request);
  if (bytes.length === 0) return { kind: 'none', fields: {}, files: [] };
  if (type.startsWith('application/json')) return { kind: 'json', fields: parseJson(bytes), files: [] };
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return { kind: 'form', fields: Object.fromEntries(new URLSearchParams(bytes.toString())), files: [] };
  }
  throw new SlackError(type === '' ? 'missing_post_type' : 'invalid_post_type');
}

export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function readMultipart(request: IncomingMessage): Promise<RequestBody> {
  const fields: Record<string, unknown> = {};
  const files: UploadedPart[] = [];
  const reader = busboy({ headers: request.headers });
  reader.on('field', (name, value) => {
    fields[name] = value;
  });
  reader.on('file', (field, stream) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('close', () => files.push({ field, bytes: Buffer.concat(chunks) }));
  });
  await new Promise<void>((resolve, reject) => {
    reader.on('close', resolve);
    reader.on('error', () => reject(new SlackError('invalid_form_data')));
    request.on('aborted', () => reject(new SlackError('request_timeout')));
    request.pipe(reader);
  });
  return { kind: 'multipart', fields, files };
}

function parseJson(bytes: Buffer): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch {
    throw new SlackError('invalid_json');
  }
  if (!isRecord(value)) throw new SlackError('json_not_object');
  return value;
}
