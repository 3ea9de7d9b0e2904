import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { GrammyError } from 'grammy';
import type { Api } from 'grammy';
import { refuse } from '../../workflows/contract/failure.ts';
import { callTelegram } from './call-telegram.ts';

/** What Telegram's own servers hand to bots at most; a server of one's own has no such limit. */
export const CLOUD_DOWNLOAD_BYTES = 20 * 1024 * 1024;
const ANSWER_LIMIT_MS = 30_000;

export interface Downloads {
  readonly api: Api;
  readonly token: string;
  /** Root of the Bot API, without a slash at its end. */
  readonly apiRoot: string;
  /** The server runs with `--local`: files are on a disk that this process shares. */
  readonly isLocal: boolean;
}

/** Refuses `too-large` and `file-missing`. The stream fails where the connection breaks off. */
export async function openTelegramFile(downloads: Downloads, fileId: string): Promise<AsyncIterable<Uint8Array>> {
  const { api, token, apiRoot, isLocal } = downloads;
  const path = await findPath(api, fileId);
  if (isLocal && isAbsolute(path)) {
    const stats = await stat(path).catch(() => refuse('file-missing'));
    if (!stats.isFile()) refuse('file-missing');
    return createReadStream(path, { highWaterMark: 1 << 20 });
  }
  const unanswered = new AbortController();
  const timer = setTimeout(() => unanswered.abort(), ANSWER_LIMIT_MS);
  const response = await fetch(`${apiRoot}/file/bot${token}/${path}`, { redirect: 'error', signal: unanswered.signal })
    // Its message would hold the address, and that the token.
    .catch(() => Promise.reject(new Error('a file of Telegram could not be fetched')))
    .finally(() => clearTimeout(timer));
  if (response.status === 404) refuse('file-missing');
  if (!response.ok || response.body === null) {
    throw new Error(`a file of Telegram could not be fetched: ${String(response.status)}`);
  }
  return response.body;
}

async function findPath(api: Api, fileId: string): Promise<string> {
  const { file_path: path } = await callTelegram(async () => {
    try {
      return await api.getFile(fileId);
    } catch (error) {
      if (error instanceof GrammyError && /file is too big/iu.test(error.description)) {
        refuse('too-large', { limitMegabytes: Math.floor(CLOUD_DOWNLOAD_BYTES / 1_000_000) });
      }
      if (error instanceof GrammyError && error.error_code === 400) refuse('file-missing');
      throw error;
    }
  });
  return path ?? refuse('file-missing');
}
