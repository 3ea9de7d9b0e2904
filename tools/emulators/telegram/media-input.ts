/** A file as a method names it: uploaded with the request, known by its id, at a URL, or on a `--local` server's disk. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ApiError, badRequest } from './api-error.ts';
import type { Arguments } from './arguments.ts';
import type { Emulation } from './emulation.ts';
import { arrivingKind, mimeTypeOfName } from './file-store.ts';
import type { NewFile, StoredFile } from './file-store.ts';
import type { Media, MediaKind } from './message.ts';
import type { ApiCall } from './methods/method.ts';

const NAMES: Readonly<Record<MediaKind, string>> = {
  audio: 'Audio',
  voice: 'VoiceNote',
  document: 'Document',
  photo: 'Photo',
};

/**
 * @param value the parameter's text: `attach://…`, a file id, a URL, or empty where the field itself is the upload
 * @param about where duration, performer and title stand
 * @throws ApiError 400
 */
export async function readMedia(
  emulation: Emulation,
  { uploads }: Pick<ApiCall, 'uploads'>,
  wanted: MediaKind,
  field: string,
  value: string,
  about: Arguments,
): Promise<Media> {
  const attached = value.startsWith('attach://') ? value.slice('attach://'.length) : null;
  const upload = attached !== null || value === '' ? uploads.get(attached ?? field) : undefined;
  let file: StoredFile;
  if (upload !== undefined) {
    file = keep(emulation, wanted, upload);
  } else if (value === '' || attached !== null) {
    throw badRequest(`there is no ${wanted} in the request`);
  } else if (/^https?:\/\//iu.test(value)) {
    file = keep(emulation, wanted, await download(value, wanted, emulation.limits.urlBytes));
  } else if (value.startsWith('file:/') && emulation.localFolder !== null) {
    file = keep(emulation, wanted, await readLocal(value));
  } else {
    const known = emulation.files.get(value);
    if (known === null) throw badRequest('wrong file identifier/HTTP URL specified');
    if (known.kind !== wanted) throw badRequest(`can't use file of type ${NAMES[known.kind]} as ${NAMES[wanted]}`);
    file = known;
  }
  return {
    kind: file.kind,
    fileId: file.fileId,
    durationSeconds: about.integer('duration', 0, 0, 86_400),
    performer: about.has('performer') ? about.text('performer') : null,
    title: about.has('title') ? about.text('title') : null,
  };
}

function keep({ files, limits }: Emulation, wanted: MediaKind, file: NewFile): StoredFile {
  const bytes = file.bytes.byteLength;
  if (bytes === 0) throw badRequest('file must be non-empty');
  if (bytes > limits.uploadBytes) throw new ApiError(413, 'Request Entity Too Large');
  if (wanted === 'photo' && bytes > limits.photoBytes) {
    throw badRequest(`too big Photo file size (${String(bytes)} bytes, max ${String(limits.photoBytes)})`);
  }
  const mimeType = wanted === 'photo' ? 'image/jpeg' : mimeTypeOfName(file.name);
  return files.add(arrivingKind(wanted, mimeType), { ...file, mimeType });
}

async function download(url: string, wanted: MediaKind, maxBytes: number): Promise<NewFile> {
  const response = await fetch(url, { signal: AbortSignal.timeout(20_000) }).catch(() => null);
  if (response === null || !response.ok) throw badRequest('failed to get HTTP URL content');
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.byteLength > maxBytes) throw badRequest('failed to get HTTP URL content');
  const mimeType = response.headers.get('content-type')?.split(';')[0] ?? '';
  const name = basename(new URL(url).pathname);
  // By a URL only these can be sent as documents.
  const fits =
    wanted === 'document' ? /^application\/(?:pdf|zip)$|^image\/gif$/u.test(mimeType) : !mimeType.startsWith('text/');
  if (!fits) throw badRequest('wrong type of the web page content');
  return { name, mimeType, bytes };
}

async function readLocal(url: string): Promise<NewFile> {
  const path = fileURLToPath(url);
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null) throw badRequest('file not found');
  return { name: basename(path), mimeType: '', bytes };
}
