/** Files into Slack by its second upload, and out of it with the bot's token. */
import { openAsBlob } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { displayTitle } from '../../workflows/contract/display-title.ts';
import { SendError } from '../../workflows/contract/chat-port.ts';
import type { OpenFile } from '../../workflows/contract/chat-port.ts';
import { refuse } from '../../workflows/contract/failure.ts';
import type { SourceReference } from '../../workflows/contract/request.ts';
import { askedToWait, callSlack } from './call-slack.ts';

export type Song = Extract<SourceReference, { kind: 'attachment' }>;

/** What an event says of a file. */
export const slackFileSchema = z.looseObject({
  id: z.string().regex(/^F[0-9A-Z]{1,32}$/u),
  name: z.string().nullish(),
  title: z.string().nullish(),
  mimetype: z.string().nullish(),
  size: z.number().nullish(),
});
export type SlackFile = z.output<typeof slackFileSchema>;

const referenceSchema = z.object({ fileId: z.string().regex(/^F[0-9A-Z]{1,32}$/u), teamId: z.string().max(64) });
const infoSchema = z.looseObject({
  file: z.looseObject({ url_private_download: z.url().optional(), url_private: z.url().optional() }),
});
const ANSWER_LIMIT_MS = 30_000;
/** A line slower than this is taken for broken. */
const LEAST_BYTES_PER_SECOND = 250_000;
const OFFICIAL_HOST = 'files.slack.com';

export function songOf({ id, name, title, size }: SlackFile, teamId: string): Song {
  return {
    kind: 'attachment',
    reference: JSON.stringify({ fileId: id, teamId }),
    name: displayTitle(name ?? title ?? 'song'),
    declaredBytes: size ?? null,
  };
}

/** Pictures and papers are no songs; of what says nothing, ingest finds out. */
export function mayBeSong({ mimetype }: SlackFile): boolean {
  return mimetype == null || /^(?:audio|video)\/|^application\/(?:ogg|octet-stream|x-flac)/u.test(mimetype);
}

export function readReference(reference: string): z.output<typeof referenceSchema> {
  return referenceSchema.parse(JSON.parse(reference));
}

/** @param ownHost of the API's own address where that is not Slack's, so that tests find their files */
export async function openSlackFile(
  client: WebClient,
  fileId: string,
  ownHost: string | null,
): Promise<AsyncIterable<Uint8Array>> {
  const info = await callSlack(async () => {
    return await client.files.info({ file: fileId }).catch((error: unknown) => {
      const said = (error as { readonly data?: { readonly error?: string } }).data?.error ?? '';
      return /^(?:file_not_found|file_deleted|access_denied|not_visible)/u.test(said) ? null : Promise.reject(error);
    });
  });
  if (info === null) refuse('file-missing');
  const { file } = infoSchema.parse(info);
  const url = file.url_private_download ?? file.url_private ?? refuse('file-missing');
  const { protocol, host } = new URL(url);
  // The token goes along: nobody else may see it.
  if (!(protocol === 'https:' && host === OFFICIAL_HOST) && host !== ownHost) refuse('file-missing');
  const unanswered = new AbortController();
  const timer = setTimeout(() => unanswered.abort(), ANSWER_LIMIT_MS);
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${client.token ?? ''}` },
    redirect: 'error',
    signal: unanswered.signal,
  }).finally(() => clearTimeout(timer));
  if (response.status === 429) throw askedToWait(retryAfterSeconds(response));
  if (response.status === 404 || response.status === 403 || response.status === 410) refuse('file-missing');
  if (!response.ok || response.body === null) {
    throw new Error(`a file of Slack could not be fetched: ${String(response.status)}`);
  }
  // Without the right token Slack answers 200 with its login page.
  if (response.headers.get('content-type')?.startsWith('text/html') === true) {
    await response.body.cancel();
    refuse('file-missing');
  }
  return response.body;
}

/** Of an upload. */
const MOST_TRIES = 8;
const FIRST_PAUSE_MS = 200;
/** What Slack asks for beyond this is waited for by whoever called. */
const LONGEST_PAUSE_MS = 3000;

/**
 * Brings bytes to Slack without showing them anywhere; {@link completeUnseen} or sharing does. Nobody sees what is never completed, so
 * each file is tried again by itself: of several, all would hardly ever come through at once.
 */
async function uploadUnseen(client: WebClient, file: OpenFile): Promise<UploadedFile> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await uploadOnce(client, file);
    } catch (error) {
      const askedMs = error instanceof SendError ? (error.retryAfterMs ?? 0) : 0;
      const isHopeless = !(error instanceof SendError) || error.outcome === 'gone' || askedMs > LONGEST_PAUSE_MS;
      if (isHopeless || tries === MOST_TRIES) throw unseen(error);
      await pause(Math.max(askedMs, Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1))));
    }
  }
}

/**
 * Several of them, in their order. The smallest goes ahead: where nothing may be brought, or the token is none any more, that is found out
 * with one call.
 */
export async function uploadAll(client: WebClient, files: readonly OpenFile[]): Promise<UploadedFile[]> {
  const [smallest] = files.toSorted((a, b) => a.blob.bytes - b.blob.bytes);
  if (smallest === undefined) return [];
  const scout = await uploadUnseen(client, smallest);
  return await Promise.all(files.map(async (file) => (file === smallest ? scout : await uploadUnseen(client, file))));
}

/** Lets uploaded files be put into messages, and shows them nowhere. Again, it changes nothing. */
export async function completeUnseen(client: WebClient, files: readonly UploadedFile[]): Promise<void> {
  const [first, ...rest] = files;
  if (first === undefined) return;
  await callSlack(() => client.files.completeUploadExternal({ files: [first, ...rest] }));
}

export interface UploadedFile {
  readonly id: string;
  readonly title: string;
}

/** Whatever became of the bytes, nobody saw anything. */
function unseen(error: unknown): unknown {
  if (!(error instanceof SendError) || error.outcome !== 'ambiguous') return error;
  return new SendError('not-executed', error.message, { cause: error });
}

async function uploadOnce(client: WebClient, file: OpenFile): Promise<UploadedFile> {
  const bytes = await openAsBlob(file.path);
  const title = file.fileName === '' ? file.kind : file.fileName;
  const { upload_url: url, file_id: id } = await callSlack(
    () => client.files.getUploadURLExternal({ filename: title, length: bytes.size }),
    bytes.size,
  );
  if (url === undefined || id === undefined) throw new Error('Slack gave no address to upload to');
  const signal = AbortSignal.timeout(ANSWER_LIMIT_MS + Math.ceil(bytes.size / LEAST_BYTES_PER_SECOND) * 1000);
  const response = await fetch(url, { method: 'POST', body: bytes, redirect: 'error', signal }).catch(
    (error: unknown) => {
      throw new SendError('not-executed', 'Slack did not take the bytes', { cause: error });
    },
  );
  await response.body?.cancel();
  if (response.status === 429) throw askedToWait(retryAfterSeconds(response));
  if (!response.ok) throw new SendError('not-executed', `Slack did not take the bytes: ${String(response.status)}`);
  return { id, title };
}

function retryAfterSeconds({ headers }: Response): number {
  return Number(headers.get('retry-after') ?? Number.NaN);
}
