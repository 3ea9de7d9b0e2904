import { join } from 'node:path';
import { startChild } from '../runtime/child.ts';
import type { HostAnswer, HostOptions, HostTask } from './compute-host.ts';

export type ComputedSong = Exclude<HostAnswer, { readonly failure: string }>;

export interface ComputeClient {
  /** One at a time. @throws Error when the process failed or ended. */
  compute(task: HostTask): Promise<ComputedSong>;
  close(): Promise<void>;
}

/** Starts a computing process; its modules are loaded, its engine is not started before its first song. */
export async function startCompute(options: HostOptions): Promise<ComputeClient> {
  const file = join(import.meta.dirname, 'compute-host.ts');
  const { child, exited } = await startChild(process.execPath, [file, JSON.stringify(options)], {
    cwd: options.folder,
    ipc: true,
    onStderrLine: (line) => console.error(line),
  });
  return {
    async compute(task) {
      const answer = await new Promise<HostAnswer>((resolve, reject) => {
        child.once('message', (message) => resolve(message as HostAnswer));
        void exited.then(({ code, signal }) => reject(new Error(`it ended with ${signal ?? String(code)}`)));
        child.send(task);
      });
      if ('failure' in answer) throw new Error(`computing failed: ${answer.failure}`);
      return answer;
    },
    async close() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
