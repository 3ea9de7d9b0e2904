/** Every file that was ever attached, and the signed addresses under which it can be had for a while. */
import { createHash, createHmac } from 'node:crypto';
import { extname } from 'node:path';
import type { EmulatedClock } from '../core/emulated-clock.ts';
import type { Ids } from './ids.ts';

export interface StoredAttachment {
  readonly id: string;
  readonly channelId: string;
  /** Without blanks and brackets. */
  readonly filename: string;
  /** The name as it was given, without its ending, where `filename` had to differ. */
  readonly title: string | null;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly description: string | null;
  /** Of a voice message. */
  readonly voice: { readonly durationSeconds: number; readonly waveformBase64: string } | null;
  /** With an interaction, or in an ephemeral message. */
  readonly isEphemeral: boolean;
}

export interface NewAttachment {
  readonly channelId: string;
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
  readonly description?: string | null;
  readonly voice?: StoredAttachment['voice'];
  readonly isEphemeral?: boolean;
}

export interface AttachmentStore {
  add(attachment: NewAttachment): StoredAttachment;
  bySha256(sha256: string): StoredAttachment | null;
  /** An address that is good from now on for as long as addresses are. */
  url(attachment: StoredAttachment): string;
  /** What is behind an address, or null: wrongly signed, or its time is over. */
  open(url: URL): StoredAttachment | null;
}

export function createAttachmentStore(
  ids: Ids,
  clock: EmulatedClock,
  urlLifeMs: number,
  origin: () => string,
): AttachmentStore {
  const stored = new Map<string, StoredAttachment>();
  const key = ids.secret(32);

  function path({ id, channelId, filename, isEphemeral }: StoredAttachment): string {
    return `/${isEphemeral ? 'ephemeral-attachments' : 'attachments'}/${channelId}/${id}/${encodeURIComponent(filename)}`;
  }
  const sign = (pathname: string, until: string, issued: string): string =>
    createHmac('sha256', key).update(`${pathname} ${until} ${issued}`).digest('hex');

  return {
    add({ name, bytes, channelId, mimeType, description = null, voice = null, isEphemeral = false }) {
      const given = name === '' ? 'unknown' : name;
      const filename = safeName(given);
      const attachment: StoredAttachment = {
        id: ids.snowflake(),
        channelId,
        filename,
        title: filename === given ? null : given.slice(0, given.length - extname(given).length),
        mimeType: mimeTypeOf(filename, mimeType),
        bytes,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        description,
        voice,
        isEphemeral,
      };
      stored.set(attachment.id, attachment);
      return attachment;
    },
    bySha256: (sha256) => stored.values().find((attachment) => attachment.sha256 === sha256) ?? null,
    url(attachment) {
      const issued = hex(clock.nowMs());
      const until = hex(clock.nowMs() + urlLifeMs);
      const pathname = path(attachment);
      return `${origin()}${pathname}?ex=${until}&is=${issued}&hm=${sign(pathname, until, issued)}&`;
    },
    open({ pathname, searchParams }) {
      const [until = '', issued = '', signature = ''] = ['ex', 'is', 'hm'].map((name) => searchParams.get(name) ?? '');
      if (signature !== sign(pathname, until, issued) || Number.parseInt(until, 16) * 1000 <= clock.nowMs())
        return null;
      return stored.get(pathname.split('/')[3] ?? '') ?? null;
    },
  };
}

/** Seconds, as addresses carry them. */
function hex(unixMs: number): string {
  return Math.floor(unixMs / 1000).toString(16);
}

/** As Discord keeps names: blanks become underscores, and brackets and what no file system likes are dropped. */
function safeName(name: string): string {
  const safe = name.replaceAll(/\s+/gu, '_').replaceAll(/[^\p{L}\p{N}\p{M}._-]/gu, '');
  return /[\p{L}\p{N}]/u.test(safe) ? safe : 'unknown';
}

const MIME_BY_EXTENSION: Readonly<Record<string, string>> = {
  '.mp3': 'audio/mpeg',
  '.m4a': 'audio/mp4',
  '.ogg': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.flac': 'audio/flac',
  '.wav': 'audio/x-wav',
  '.mp4': 'video/mp4',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

function mimeTypeOf(filename: string, given: string): string {
  return MIME_BY_EXTENSION[extname(filename).toLowerCase()] ?? (given === '' ? 'application/octet-stream' : given);
}

/** How a person sees the name. */
export function shownName({ filename, title }: StoredAttachment): string {
  return title === null ? filename : `${title}${extname(filename)}`;
}
