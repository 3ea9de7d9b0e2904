/** Downloads one URL into a file that survives a break: the next call goes on where this one stopped. */
import { mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SourceError } from './source-error.ts';

/** A connection that breaks is taken up again so often, as long as each brings more bytes. */
const MOST_CONTINUATIONS = 20;

export interface DownloadOptions {
  readonly url: string;
  /** Holds what has come so far. `<path>.etag` beside it tells whether the server still has the same file. */
  readonly path: string;
  /** More than this is cut off. */
  readonly mostBytes: number;
  readonly fetch: typeof fetch;
  /** For the server's answer, and for every further piece. */
  readonly answerTimeoutMs: number;
  readonly signal: AbortSignal;
  /** Bytes of this file that are there. */
  readonly onBytes: (bytes: number) => void;
}

/** @throws SourceError when the server says no, goes silent, or sends too much. */
export async function download(options: DownloadOptions): Promise<void> {
  await mkdir(dirname(options.path), { recursive: true });
  let size = await sizeOf(options.path);
  for (let connection = 0; connection <= MOST_CONTINUATIONS; connection += 1) {
    const result = await continueDownload(options, size);
    if (result.complete) return;
    if (result.size <= size && connection > 0) break;
    size = result.size;
  }
  throw new SourceError('unreachable', `the connection to ${hostOf(options.url)} keeps breaking at ${size} bytes`);
}

interface Continuation {
  readonly complete: boolean;
  readonly size: number;
}

async function continueDownload(options: DownloadOptions, size: number): Promise<Continuation> {
  const { url, path, mostBytes, answerTimeoutMs, signal, onBytes } = options;
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), answerTimeoutMs);
  const etagPath = `${path}.etag`;
  try {
    const etag = size > 0 ? await readFile(etagPath, 'utf8').catch(() => null) : null;
    const response = await options.fetch(url, {
      signal: AbortSignal.any([signal, silence.signal]),
      headers: {
        'accept-encoding': 'identity',
        ...(size > 0 && { range: `bytes=${size}-` }),
        ...(etag !== null && etag !== '' && { 'if-range': etag }),
      },
    });
    if (response.status === 416) {
      await response.body?.cancel();
      await rm(path, { force: true });
      return { complete: false, size: 0 };
    }
    if (response.status !== 200 && response.status !== 206) {
      await response.body?.cancel();
      throw new SourceError('unreachable', `${hostOf(url)} answered ${response.status}`);
    }
    const start = response.status === 206 ? rangeStart(response) : 0;
    if (start !== 0 && start !== size) throw new SourceError('unreachable', `${hostOf(url)} sent another range`);
    const total = start + Number(response.headers.get('content-length') ?? Number.NaN);
    if (total > mostBytes) {
      throw new SourceError('wrong-content', `${hostOf(url)} has ${total} bytes; at most ${mostBytes} are expected`);
    }
    await writeFile(etagPath, response.headers.get('etag') ?? '');
    let written = start;
    const file = await open(path, start === 0 ? 'w' : 'a');
    try {
      for await (const piece of response.body ?? []) {
        timer.refresh();
        if (written + piece.length > mostBytes) {
          throw new SourceError('wrong-content', `${hostOf(url)} sends more than the ${mostBytes} bytes expected`);
        }
        await file.writeFile(piece);
        written += piece.length;
        onBytes(written);
      }
      await file.sync();
    } catch (error) {
      // A broken connection is no failure yet; whose fault it is shows when it does not get further.
      if (error instanceof SourceError || signal.aborted || silence.signal.aborted || isDiskError(error)) throw error;
      return { complete: false, size: written };
    } finally {
      await file.close();
    }
    return { complete: Number.isNaN(total) || written >= total, size: written };
  } catch (error) {
    if (error instanceof SourceError && error.kind === 'wrong-content') await rm(path, { force: true });
    signal.throwIfAborted();
    if (silence.signal.aborted) {
      throw new SourceError('unreachable', `${hostOf(url)} sent nothing for ${answerTimeoutMs / 1000} s`, {
        cause: error,
      });
    }
    if (error instanceof SourceError || isDiskError(error)) throw error;
    throw new SourceError('unreachable', `${hostOf(url)} cannot be reached`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function isDiskError(error: unknown): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EROFS' || syscall === 'write' || syscall === 'open';
}

function rangeStart(response: Response): number {
  return Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? Number.NaN);
}

function hostOf(url: string): string {
  return new URL(url).host;
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}
