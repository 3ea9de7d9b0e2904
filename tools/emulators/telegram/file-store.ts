/** Every file that was ever sent, under the id that the bot knows it by. */
import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import type { MediaKind } from './message.ts';

export interface StoredFile {
  readonly fileId: string;
  /** The same for the same bytes under the same kind, of no use for sending. */
  readonly uniqueId: string;
  readonly kind: MediaKind;
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

export interface NewFile {
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

export interface FileStore {
  add(kind: MediaKind, file: NewFile): StoredFile;
  get(fileId: string): StoredFile | null;
  bySha256(sha256: string): StoredFile | null;
  /** Names a path for `/file/bot<token>/…`; good for an hour, and the next call may name another. */
  pathOf(file: StoredFile, nowMs: number): string;
  /** Null where the path is unknown or its hour is over. */
  atPath(path: string, nowMs: number): StoredFile | null;
}

const PATH_LIFE_MS = 3_600_000;
const FOLDERS: Readonly<Record<MediaKind, string>> = {
  audio: 'music',
  voice: 'voice',
  document: 'documents',
  photo: 'photos',
};

export function createFileStore(): FileStore {
  const files = new Map<string, StoredFile>();
  const paths = new Map<string, { readonly file: StoredFile; readonly untilMs: number }>();
  let counter = 0;
  return {
    add(kind, { name, mimeType, bytes }) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const uniqueId = Buffer.from(`${kind}${sha256}`).toString('base64url').slice(0, 20);
      const fileId = `${kind}-${String(++counter).padStart(4, '0')}-${sha256.slice(0, 40)}`;
      const file: StoredFile = { fileId, uniqueId, kind, name, mimeType, bytes, sha256 };
      files.set(fileId, file);
      return file;
    },
    get: (fileId) => files.get(fileId) ?? null,
    bySha256: (sha256) => [...files.values()].find((file) => file.sha256 === sha256) ?? null,
    pathOf(file, nowMs) {
      const current = [...paths].find(([, entry]) => entry.file === file && entry.untilMs > nowMs);
      if (current !== undefined) return current[0];
      const path = `${FOLDERS[file.kind]}/file_${String(paths.size)}${extensionOf(file)}`;
      paths.set(path, { file, untilMs: nowMs + PATH_LIFE_MS });
      return path;
    },
    atPath(path, nowMs) {
      const entry = paths.get(path);
      return entry !== undefined && entry.untilMs > nowMs ? entry.file : null;
    },
  };
}

function extensionOf({ kind, name }: StoredFile): string {
  if (kind === 'voice') return '.oga';
  if (kind === 'photo') return '.jpg';
  return extname(name);
}

const MIME_BY_EXTENSION: Readonly<Record<string, string>> = {
  '.mp3': 'audio/mpeg',
  '.m4a': 'audio/mp4',
  '.ogg': 'audio/ogg',
  '.oga': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.flac': 'audio/flac',
  '.wav': 'audio/x-wav',
  '.mid': 'audio/midi',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.pdf': 'application/pdf',
  '.zip': 'application/zip',
  '.txt': 'text/plain',
};

/** Telegram goes by the name's extension; what the part of a form says of itself counts for nothing. */
export function mimeTypeOfName(name: string): string {
  return MIME_BY_EXTENSION[extname(name).toLowerCase()] ?? 'application/octet-stream';
}

/**
 * The kind under which a file arrives that was sent by `sendAudio`, `sendVoice` and so on: the player takes MP3 and
 * M4A, voice messages Ogg, MP3 and M4A, and everything else arrives as a document.
 */
export function arrivingKind(wanted: MediaKind, mimeType: string): MediaKind {
  const playable = mimeType === 'audio/mpeg' || mimeType === 'audio/mp4';
  if (wanted === 'audio') return playable ? 'audio' : 'document';
  if (wanted === 'voice') return playable || mimeType === 'audio/ogg' ? 'voice' : 'document';
  return wanted;
}
