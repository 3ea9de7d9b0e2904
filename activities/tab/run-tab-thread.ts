/** The worker's side of the thread that writes a tab. */
import { Worker } from 'node:worker_threads';
import type { TabPages, TabWork } from './tab-pages.ts';
import type { TabMessage } from './tab-thread.ts';

/**
 * Writes a tab without holding up this thread.
 * @throws what the thread threw; the reason of an aborted signal, when the thread has ended
 */
export async function runTabThread(
  work: TabWork,
  { signal, onPage }: { readonly signal: AbortSignal; readonly onPage: () => void },
): Promise<TabPages> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<TabPages>();
  const worker = new Worker(new URL('tab-thread.ts', import.meta.url), { workerData: work });
  const onAbort = (): void => void worker.terminate();
  worker
    .on('message', (message: TabMessage) => (message === null ? onPage() : resolve(message)))
    .on('error', reject)
    .on('exit', (code) => reject(signal.aborted ? signal.reason : new Error(`the tab's thread ended (${code})`)));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
