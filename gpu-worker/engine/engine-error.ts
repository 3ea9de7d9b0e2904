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

/** Thrown when the engine process ended under a task. */
export class EngineCrashError extends Error {
  override readonly name = 'EngineCrashError';
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Its last words on standard error. */
  readonly lastLines: string;

  constructor(exitCode: number | null, signal: NodeJS.Signals | null, lastLines: string) {
    super(
      `the engine process ended (${signal ?? `code ${String(exitCode)}`})${lastLines === '' ? '' : `: ${lastLines}`}`,
    );
    this.exitCode = exitCode;
    this.signal = signal;
    this.lastLines = lastLines;
  }
}

/** As onnxruntime's allocators, CUDA, cuDNN, WebGPU, the C++ library and V8 put it. */
const ALLOCATION_FAILURES =
  /out of memory|failed to allocate|bad_alloc|alloc_failed|cannot allocate memory|array buffer allocation failed|ERR_WORKER_OUT_OF_MEMORY|ENOMEM/iu;

/**
 * True for want of memory: what an allocator said, or a process that the kernel killed (SIGKILL) or that gave up by itself (SIGABRT,
 * as V8 and the C++ library do).
 */
export function isOutOfMemory(error: unknown): boolean {
  if (error instanceof EngineTaskError) {
    return ALLOCATION_FAILURES.test(`${error.failure.code ?? ''} ${error.failure.message}`);
  }
  if (!(error instanceof EngineCrashError)) return false;
  return error.signal === 'SIGKILL' || error.signal === 'SIGABRT' || ALLOCATION_FAILURES.test(error.lastLines);
}
