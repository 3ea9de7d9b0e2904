/** Reads a request's body: JSON, or a form with `payload_json` and `files[n]`. */
import type { IncomingMessage } from 'node:http';
import busboy from 'busboy';
import { isRecord } from '../core/described.ts';
import { refuse } from './discord-error.ts';

/** Of a whole request; the figure that is documented. */
const MOST_BYTES = 25 * 1024 * 1024;

export interface RequestBody {
  readonly json: unknown;
  readonly uploads: readonly Upload[];
}

export interface Upload {
  /** `files[0]` */
  readonly field: string;
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Buffer;
}

/** All of it is read, so that the answer finds its way. Null: it is too large. */
export async function readBytes(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= MOST_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  return length > MOST_BYTES ? null : Buffer.concat(chunks);
}

/** @throws DiscordError 50109 */
export async function parseBody(contentType: string, bytes: Buffer): Promise<RequestBody> {
  if (contentType.startsWith('multipart/form-data')) return await parseForm(contentType, bytes);
  return { json: bytes.length === 0 ? null : parseJson(bytes.toString()), uploads: [] };
}

async function parseForm(contentType: string, bytes: Buffer): Promise<RequestBody> {
  const fields: Record<string, string> = {};
  const uploads: Upload[] = [];
  await new Promise<void>((resolve, reject) => {
    const refused = (): void => {
      try {
        refuse('invalidJson');
      } catch (error) {
        reject(error);
      }
    };
    const reader = busboy({ headers: { 'content-type': contentType }, defParamCharset: 'utf8' });
    reader.on('field', (name, value) => {
      fields[name] = value;
    });
    reader.on('file', (field, stream, { filename, mimeType }) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('close', () => uploads.push({ field, name: filename ?? '', mimeType, bytes: Buffer.concat(chunks) }));
    });
    reader.on('close', resolve);
    reader.on('error', refused);
    reader.end(bytes);
  });
  const { payload_json: payload, ...rest } = fields;
  return { json: payload === undefined ? rest : parseJson(payload), uploads };
}

function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('invalidJson');
  }
  return value;
}

/** A body that is to be an object; none at all is an empty one. @throws DiscordError 50109 */
export function objectOf({ json }: RequestBody): Readonly<Record<string, unknown>> {
  if (json === null) return {};
  return isRecord(json) ? json : refuse('invalidJson');
}
