/** How the engine process fails its tasks. */
import type { TaskFailure } from './engine-tasks.ts';

/** Thrown when a task failed inside the engine process, which itself lives on. */
export class EngineTaskError extends Error {
  override readonly name = 'EngineTaskError';
  readonly failure: TaskFailure;

  constructor(task: string, failure: TaskFailure) {
    super(`${task}: ${failure.name}: ${failure.message}`);
    this.failure = failure;
  }
}

/** Why we ended it ourselves: a task would not stop, or a new process was wanted. */
export type KillReason = 'stop' | 'reset';

/** Thrown when the engine process ended under a task. */
export class EngineCrashError extends Error {
  override readonly name = 'EngineCrashError';
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Its last words on standard error. */
  readonly lastLines: string;
  /** Null where it ended by itself, or somebody else ended it. */
  readonly killedFor: KillReason | null;

  constructor(
    exitCode: number | null,
    signal: NodeJS.Signals | null,
    lastLines: string,
    killedFor: KillReason | null = null,
  ) {
    const how = killedFor === null ? (signal ?? `code ${String(exitCode)}`) : `we killed it for a ${killedFor}`;
    super(`the engine process ended (${how})${lastLines === '' ? '' : `: ${lastLines}`}`);
    this.exitCode = exitCode;
    this.signal = signal;
    this.lastLines = lastLines;
    this.killedFor = killedFor;
  }
}

/** As onnxruntime's allocators, CUDA, cuDNN, WebGPU, the C++ library and V8 put it. */
const ALLOCATION_FAILURES =
  /out of memory|failed to allocate|bad_alloc|alloc_failed|cannot allocate memory|array buffer allocation failed|ERR_WORKER_OUT_OF_MEMORY|ENOMEM/iu;

/**
 * True for want of memory: what an allocator said, or a process that the kernel killed (SIGKILL) or that gave up by itself (SIGABRT,
 * as V8 and the C++ library do). What we killed ourselves wanted for nothing.
 */
export function isOutOfMemory(error: unknown): boolean {
  if (error instanceof EngineTaskError) {
    return ALLOCATION_FAILURES.test(`${error.failure.code ?? ''} ${error.failure.message}`);
  }
  if (!(error instanceof EngineCrashError) || error.killedFor !== null) return false;
  return error.signal === 'SIGKILL' || error.signal === 'SIGABRT' || ALLOCATION_FAILURES.test(error.lastLines);
}
