/** Files, from their upload URL to their deletion. */
import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import type { SeenFile } from '../core/conversation.ts';
import type { Ids } from './ids.ts';
import { SlackError } from './slack-error.ts';

export interface FileShare {
  readonly channelId: string;
  readonly ts: string;
  readonly threadTs: string | null;
}

export interface StoredFile {
  readonly id: string;
  readonly workspaceId: string;
  readonly ownerId: string;
  readonly name: string;
  readonly createdSeconds: number;
  /** As announced when the upload URL was asked for. */
  readonly announcedBytes: number;
  /** Of the upload URL. */
  readonly ticket: string;
  title: string;
  bytes: Uint8Array | null;
  sha256: string | null;
  isComplete: boolean;
  isDeleted: boolean;
  readonly shares: FileShare[];
}

export interface FileStore {
  create(file: Pick<StoredFile, 'workspaceId' | 'ownerId' | 'name' | 'announcedBytes' | 'createdSeconds'>): StoredFile;
  fill(file: StoredFile, bytes: Uint8Array): void;
  byTicket(ticket: string): StoredFile | null;
  bySha256(sha256: string): Uint8Array | null;
  /** @throws SlackError `file_not_found`, `file_deleted` */
  get(workspaceId: string, fileId: string): StoredFile;
  /** For messages, which keep the ids of files that are gone. */
  find(fileId: string): StoredFile | null;
}

export function createFileStore(ids: Ids): FileStore {
  const files = new Map<string, StoredFile>();
  return {
    create(file) {
      const stored: StoredFile = {
        ...file,
        id: ids.next('F'),
        ticket: ids.secret(40),
        title: file.name,
        bytes: null,
        sha256: null,
        isComplete: false,
        isDeleted: false,
        shares: [],
      };
      files.set(stored.id, stored);
      return stored;
    },
    fill(file, bytes) {
      file.bytes = bytes;
      file.sha256 = createHash('sha256').update(bytes).digest('hex');
    },
    byTicket: (ticket) => files.values().find((file) => file.ticket === ticket) ?? null,
    bySha256: (sha256) => files.values().find((file) => file.sha256 === sha256)?.bytes ?? null,
    get(workspaceId, fileId) {
      const file = files.get(fileId);
      if (file === undefined || file.workspaceId !== workspaceId) throw new SlackError('file_not_found');
      if (file.isDeleted) throw new SlackError('file_deleted');
      return file;
    },
    find: (fileId) => files.get(fileId) ?? null,
  };
}

/** Slack looks at the name: what it takes for a type it shows as one. */
const TYPES: Readonly<Record<string, readonly [mimeType: string, shown: string]>> = {
  mp3: ['audio/mpeg', 'MP3'],
  wav: ['audio/x-wav', 'WAV'],
  flac: ['audio/flac', 'FLAC'],
  ogg: ['audio/ogg', 'OGG'],
  opus: ['audio/ogg', 'OGG'],
  m4a: ['audio/mp4', 'MPEG 4 Audio'],
  aac: ['audio/aac', 'AAC'],
  png: ['image/png', 'PNG'],
  jpg: ['image/jpeg', 'JPEG'],
  gif: ['image/gif', 'GIF'],
  webp: ['image/webp', 'WebP'],
  mp4: ['video/mp4', 'MPEG 4 Video'],
  json: ['text/plain', 'JSON'],
  txt: ['text/plain', 'Plain Text'],
  pdf: ['application/pdf', 'PDF'],
  zip: ['application/zip', 'Zip'],
};

export function typeOf(name: string): { filetype: string; mimeType: string; pretty: string } {
  const filetype = extname(name).slice(1).toLowerCase();
  const [mimeType, pretty] = TYPES[filetype] ?? ['application/octet-stream', 'Binary'];
  return { filetype: filetype in TYPES ? filetype : 'binary', mimeType, pretty };
}

export function seenFile(file: StoredFile): SeenFile {
  const [kind] = typeOf(file.name).mimeType.split('/');
  return {
    name: file.name,
    bytes: file.bytes?.byteLength ?? 0,
    sha256: file.sha256 ?? '',
    shownAs: kind === 'audio' || kind === 'image' ? kind : 'file',
  };
}
