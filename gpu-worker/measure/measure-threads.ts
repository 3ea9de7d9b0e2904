/** The gpu-worker's side of the measuring threads: keeps a few warm, hands them tasks, ends those whose task is cancelled. */
import { Worker } from 'node:worker_threads';
import type { OnProgress } from './open-wav.ts';
import type { MeasureMessage, MeasureRequest, MeasureTaskKind, MeasureTasks } from './measure-tasks.ts';

export interface MeasureThreads {
  /**
   * Runs a task on a free thread, or on the next to become free. When `signal` aborts, its thread is ended and the promise
   * rejects with the signal's reason.
   *
   * @throws MeasureTaskError when the task failed or its thread died.
   */
  run<Kind extends MeasureTaskKind>(
    kind: Kind,
    input: MeasureTasks[Kind]['input'],
    options?: { readonly signal?: AbortSignal; readonly onProgress?: OnProgress },
  ): Promise<MeasureTasks[Kind]['result']>;
  /** Ends all threads; tasks under way reject. */
  close(): Promise<void>;
}

export class MeasureTaskError extends Error {
  /** Of a failed system call, such as `ENOSPC`. */
  readonly code: string | undefined;
  constructor(name: string, message: string, code: string | undefined) {
    super(message);
    this.name = name;
    this.code = code;
  }
}

const STARTED_EARLY = 3;

/** As many as the parts of most songs start at once here, since starting takes a moment. None keeps the process alive. */
export function createMeasureThreads(count: number): MeasureThreads {
  const all = new Set<Worker>();
  const free: Worker[] = [];
  const waiting: PromiseWithResolvers<Worker>[] = [];
  let isClosed = false;

  function start(): void {
    const worker = new Worker(new URL('measure-thread.ts', import.meta.url));
    all.add(worker);
    worker.on('error', () => forget(worker)).on('exit', () => forget(worker));
    release(worker);
  }

  function forget(worker: Worker): void {
    if (!all.delete(worker)) return;
    const index = free.indexOf(worker);
    if (index >= 0) free.splice(index, 1);
    // Only where someone waits: a thread that cannot start must not be started for ever.
    if (waiting.length > 0 && !isClosed) start();
  }

  function release(worker: Worker): void {
    const next = waiting.shift();
    if (next !== undefined) return next.resolve(worker);
    worker.unref();
    free.push(worker);
  }

  async function acquire(): Promise<Worker> {
    if (isClosed) throw new Error('the measuring threads are closed');
    if (free.length === 0 && all.size < count) start();
    const worker = free.pop();
    if (worker !== undefined) {
      worker.ref();
      return worker;
    }
    const wait = Promise.withResolvers<Worker>();
    waiting.push(wait);
    return await wait.promise;
  }

  while (all.size < Math.min(count, STARTED_EARLY)) start();

  return {
    async run(kind, input, { signal, onProgress } = {}) {
      const worker = await acquire();
      try {
        signal?.throwIfAborted();
        return (await perform(worker, { kind, input }, signal, onProgress)) as MeasureTasks[typeof kind]['result'];
      } finally {
        if (all.has(worker)) release(worker);
      }
    },
    async close() {
      isClosed = true;
      for (const { reject } of waiting.splice(0)) reject(new Error('the measuring threads are closed'));
      await Promise.all([...all].map((worker) => worker.terminate()));
    },
  };
}

async function perform(
  worker: Worker,
  request: MeasureRequest,
  signal: AbortSignal | undefined,
  onProgress: OnProgress | undefined,
): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const onMessage = (message: MeasureMessage): void => {
    if (message.is === 'progress') onProgress?.(message.fraction);
    else if (message.is === 'done') resolve(message.result);
    else reject(new MeasureTaskError(message.name, message.message, message.code));
  };
  const onError = (error: Error): void => reject(error);
  const onExit = (code: number): void => {
    reject(
      signal?.aborted === true
        ? signal.reason
        : new MeasureTaskError('Error', `a thread ended (${String(code)})`, undefined),
    );
  };
  // It holds no native session, so it may be ended anywhere.
  const onAbort = (): void => void worker.terminate();
  worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    worker.postMessage(request, []);
    return await promise;
  } finally {
    worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    signal?.removeEventListener('abort', onAbort);
  }
}
