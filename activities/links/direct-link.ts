import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { displayTitle, titleFromFileName } from '../../workflows/contract/display-title.ts';
import { refuse } from '../../workflows/contract/failure.ts';
import type { StoredSource } from '../../workflows/contract/recording.ts';
import { guardedFetch } from '../egress/guarded-fetch.ts';
import type { GuardedResponse } from '../egress/guarded-fetch.ts';
import { sniffHead } from '../media/sniff-audio.ts';
import type { LinkDependencies } from './link-dependencies.ts';

const TOTAL_TIMEOUT_MS = 5 * 60_000;
const IDLE_TIMEOUT_MS = 15_000;
// As much as the sniffer looks at.
const HEAD_BYTES = 64 * 1024;

/**
 * Streams what a link leads to into the blob store, if it begins as audio does. Neither its content type nor its name decides anything.
 * Thrown: `EgressError`, and the refusals `empty-file`, `link-not-audio`, `protected-audio`.
 */
export async function fetchDirectLink(deps: LinkDependencies, jobId: string, link: string): Promise<StoredSource> {
  const options = {
    maxBytes: deps.limits.largestUploadBytes,
    totalTimeoutMs: TOTAL_TIMEOUT_MS,
    idleTimeoutMs: IDLE_TIMEOUT_MS,
    signal: cancellationSignal(),
  };
  return guardedFetch(link, deps.policy, options, async (response) => {
    const blob = await deps.blobs.put(`sources/${jobId}`, audioOnly(reported(deps, jobId, response)), {
      maxBytes: deps.limits.largestUploadBytes,
    });
    return { ...blob, title: responseTitle(response) };
  });
}

async function* reported(deps: LinkDependencies, jobId: string, response: GuardedResponse): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  let nextTenth = 1;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    heartbeat();
    if (response.declaredBytes !== null && bytes >= (response.declaredBytes * nextTenth) / 10) {
      const tenths = Math.min(10, Math.floor((10 * bytes) / response.declaredBytes));
      nextTenth = tenths + 1;
      await deps.reportProgress({ jobId, stage: 'receive', fraction: tenths / 10 });
    }
    yield chunk;
  }
}

/** Ends a download by its first bytes where they are not those of audio. */
async function* audioOnly(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const first: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    if (length >= HEAD_BYTES) {
      yield chunk;
      continue;
    }
    first.push(chunk);
    length += chunk.length;
    if (length < HEAD_BYTES) continue;
    requireAudio(Buffer.concat(first));
    yield* first;
  }
  if (length >= HEAD_BYTES) return;
  if (length === 0) refuse('empty-file');
  requireAudio(Buffer.concat(first));
  yield* first;
}

function requireAudio(head: Buffer): void {
  // What stands behind a tag shows only later; the probe will look.
  if (head.toString('latin1', 0, 3) === 'ID3') return;
  const sniffed = sniffHead(head, 0);
  if (sniffed.kind === 'protected') refuse('protected-audio');
  if (sniffed.kind === 'other') refuse('link-not-audio', { format: sniffed.format });
}

/** From `Content-Disposition` (RFC 6266), else from the path of the address. For display alone. */
export function responseTitle({ header, url }: Pick<GuardedResponse, 'header' | 'url'>): string {
  const disposition = (header('content-disposition') ?? '').slice(0, 2048);
  const encoded = /filename\*\s*=\s*utf-8'[^']*'(?<name>[^;]+)/iu.exec(disposition)?.groups?.['name'];
  const quoted = /filename\s*=\s*(?:"(?<quoted>[^"]*)"|(?<plain>[^;]+))/iu.exec(disposition)?.groups;
  const name = encoded === undefined ? (quoted?.['quoted'] ?? quoted?.['plain']) : decoded(encoded);
  const title = titleFromFileName(name ?? decoded(url.pathname));
  return title === displayTitle('') ? displayTitle(url.hostname) : title;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // percent signs that mean themselves
  }
}
