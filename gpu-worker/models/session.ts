/** Opens ONNX graphs in onnxruntime, always with the same, measured settings. */
import { InferenceSession } from 'onnxruntime-node';
import type { Device } from './separator.ts';

export interface ModelSessionOptions {
  readonly device: Device;
  /** Threads within one operator. Each session has its own; 1 starts none. */
  readonly threads: number;
}

/**
 * The caller releases the session. The file must have come from the model store, which has looked through it.
 *
 * Measured with Spleeter's two networks on one thread each: without the memory arena a pair of runs takes a seventh longer (and
 * 190 MB of 450 MB less); without memory patterns it takes as long as with them, and 85 MB less. Flushing denormals gains
 * nothing, silence or not, and would change the arithmetic of the calling thread.
 * @throws what onnxruntime throws when it has no such device; there is no other device in its stead.
 */
export async function createModelSession(path: string, options: ModelSessionOptions): Promise<InferenceSession> {
  return await InferenceSession.create(path, {
    executionProviders: [options.device],
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableCpuMemArena: true,
    enableMemPattern: false,
    logSeverityLevel: 3,
  });
}
