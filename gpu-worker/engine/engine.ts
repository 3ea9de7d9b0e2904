/** The gpu-worker's side of the engine process: starts it, gives it tasks, stops or kills it, starts it again. */
import { fileURLToPath } from 'node:url';
import { startChild } from '../../runtime/child.ts';
import type { RunningChild } from '../../runtime/child.ts';
import type { EngineAnswer, EngineRequest, EngineTaskKind, EngineTasks } from './engine-tasks.ts';
import type { EngineProcessOptions } from './engine-process.ts';
import { EngineCrashError, EngineTaskError } from './engine-error.ts';
import type { KillReason } from './engine-error.ts';
import { DEFAULT_STOP_GRACE, graceLeftMs } from './stop-grace.ts';
import type { StopGrace } from './stop-grace.ts';

export interface EngineOptions {
  /** Threads of the engine process, each with its own models: usually one per core. */
  readonly threads: number;
  /** The engine process's environment beside PATH: what CUDA needs, for instance. Empty by default. */
  readonly env?: Readonly<Record<string, string>>;
  /** Module that exports `SEPARATORS`; the project's registry by default. */
  readonly registryUrl?: URL;
  /** How long a stopped task may go on before the process is killed; 2 s by default, and 30 s where others would lose work by it. */
  readonly stopGrace?: StopGrace;
  /** What the engine process says on standard error. */
  readonly onErrorLine?: (line: string) => void;
}

export interface Engine {
  readonly threads: number;
  /** Of the running engine process; null while there is none. */
  readonly pid: number | null;
  /**
   * Runs a task; the process is started where it does not run. Tasks beyond the number of lanes wait in order.
   * When `signal` aborts, the task is stopped, or the whole process killed where it does not stop; the promise rejects with the
   * signal's reason once nothing of it runs any more. Others may be in a process that is killed: they may be tried again as they are.
   *
   * @throws EngineTaskError when the task failed; EngineCrashError when the process ended under it.
   */
  run<Kind extends EngineTaskKind>(
    kind: Kind,
    input: EngineTasks[Kind]['input'],
    options?: RunOptions,
  ): Promise<EngineTasks[Kind]['result']>;
  /** Kills the process and all its memory; the next task starts another. */
  reset(): Promise<void>;
  /** As `reset`, for good: later tasks are refused. */
  close(): Promise<void>;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** How many of the threads it may share with other tasks of its kind; all by default. */
  readonly lanes?: number;
  /** It got further: a window, or a few seconds of samples. Some tasks say how far, 0 to 1. */
  readonly onProgress?: (fraction?: number) => void;
}

type FinalAnswer = Exclude<EngineAnswer, { readonly outcome: 'progress' }>;

interface PendingTask {
  /** When it was told to stop. */
  stopMs: number | null;
  readonly onProgress: RunOptions['onProgress'];
  settle(answer: FinalAnswer): void;
  crash(error: EngineCrashError): void;
}

interface EngineProcess {
  readonly running: RunningChild;
  readonly pending: Map<number, PendingTask>;
  killedFor: KillReason | null;
  killTimer: NodeJS.Timeout | undefined;
  /** Set once it has ended. */
  crash: EngineCrashError | null;
}

const KEPT_LINES = 5;
/** glibc gives each thread an arena of its own otherwise, and models that are loaded leave holes in all of them. */
const LEAN_ALLOCATOR = { MALLOC_ARENA_MAX: '2' };
const REGISTRY = new URL('../separators/registry.ts', import.meta.url);

export function createEngine(options: EngineOptions): Engine {
  let current: Promise<EngineProcess> | null = null;
  let pid: number | null = null;
  let closed = false;
  let nextId = 1;

  async function start(): Promise<EngineProcess> {
    const processOptions: EngineProcessOptions = {
      registryUrl: (options.registryUrl ?? REGISTRY).href,
      threads: options.threads,
    };
    const lastLines: string[] = [];
    const onStderrLine = (line: string): void => {
      lastLines.push(line);
      if (lastLines.length > KEPT_LINES) lastLines.shift();
      options.onErrorLine?.(line);
    };
    const running = await startChild(
      process.execPath,
      [fileURLToPath(new URL('engine-process.ts', import.meta.url)), JSON.stringify(processOptions)],
      { cwd: import.meta.dirname, ipc: true, env: { ...LEAN_ALLOCATOR, ...options.env }, onStderrLine },
    );
    const pending = new Map<number, PendingTask>();
    ({ pid } = running);
    running.child.on('message', (message) => {
      const answer = message as EngineAnswer;
      if (answer.outcome === 'progress') {
        pending.get(answer.id)?.onProgress?.(answer.fraction);
        return;
      }
      pending.get(answer.id)?.settle(answer);
      pending.delete(answer.id);
      planKill(engine);
    });
    const engine: EngineProcess = { running, pending, killedFor: null, killTimer: undefined, crash: null };
    running.child.once('exit', (code, signal) => {
      clearTimeout(engine.killTimer);
      engine.crash = new EngineCrashError(code, signal, lastLines.join(' | '), engine.killedFor);
      current = null;
      pid = null;
      for (const task of pending.values()) task.crash(engine.crash);
      pending.clear();
    });
    return engine;
  }

  async function kill(engine: EngineProcess, reason: KillReason): Promise<void> {
    engine.killedFor ??= reason;
    engine.running.child.kill('SIGKILL');
    await engine.running.exited;
  }

  /** Whenever a task comes, goes or is told to stop. */
  function planKill(engine: EngineProcess): void {
    clearTimeout(engine.killTimer);
    const stopsMs = [...engine.pending.values()].map(({ stopMs }) => stopMs);
    const leftMs = graceLeftMs(stopsMs, performance.now(), options.stopGrace ?? DEFAULT_STOP_GRACE);
    if (leftMs !== null) engine.killTimer = setTimeout(() => void kill(engine, 'stop'), leftMs);
  }

  async function reset(): Promise<void> {
    const engine = await current?.catch(() => null);
    if (engine != null) await kill(engine, 'reset');
  }

  /** One that is about to end takes no more tasks. */
  async function livingProcess(): Promise<EngineProcess> {
    for (;;) {
      if (closed) throw new Error('the engine is closed');
      current ??= start();
      const starting = current;
      const engine = await starting.catch((error: unknown) => {
        if (current === starting) current = null;
        throw error;
      });
      if (engine.killedFor === null) return engine;
      await engine.running.exited;
    }
  }

  return {
    threads: options.threads,
    get pid() {
      return pid;
    },
    async run(kind, input, runOptions = {}) {
      runOptions.signal?.throwIfAborted();
      return await runTask(await livingProcess(), nextId++, kind, input, runOptions);
    },
    reset,
    async close() {
      closed = true;
      await reset();
    },
  };

  async function runTask<Kind extends EngineTaskKind>(
    engine: EngineProcess,
    id: number,
    kind: Kind,
    input: EngineTasks[Kind]['input'],
    { signal, lanes = options.threads, onProgress }: RunOptions,
  ): Promise<EngineTasks[Kind]['result']> {
    if (engine.crash !== null) throw engine.crash;
    const { promise, resolve, reject } = Promise.withResolvers<EngineTasks[Kind]['result']>();
    const post = (request: unknown): void => void engine.running.child.send(request as EngineRequest);
    const onAbort = (): void => {
      post({ stop: id });
      pending.stopMs = performance.now();
      planKill(engine);
    };
    const settled = (): void => signal?.removeEventListener('abort', onAbort);
    const pending: PendingTask = {
      onProgress,
      stopMs: null,
      settle(answer) {
        settled();
        // A task that ended while it was being stopped counts as stopped.
        if (signal?.aborted === true) reject(signal.reason as Error);
        else if (answer.outcome === 'done') resolve(answer.result);
        else if (answer.outcome === 'failed') reject(new EngineTaskError(kind, answer.failure));
        else reject(new Error(`${kind} stopped, and nobody asked`));
      },
      crash(error) {
        settled();
        reject(signal?.aborted === true ? (signal.reason as Error) : error);
      },
    };
    engine.pending.set(id, pending);
    planKill(engine);
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
    post({ id, lanes, task: { kind, input } });
    return await promise;
  }
}
