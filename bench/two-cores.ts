import { readFile } from 'node:fs/promises';
import { runChild } from '../runtime/child.ts';

const CORES = 2;

/**
 * Confines this process and whatever it starts from now on to the first two processors that it may use, so that every machine
 * measures the same thing.
 *
 * @throws Error where there are more than two and the system has no `taskset`.
 */
export async function stayOnTwoCores(): Promise<void> {
  const status = await readFile('/proc/self/status', 'utf8');
  const allowed = /^Cpus_allowed_list:\s*(\S+)$/mu.exec(status)?.[1] ?? '';
  const processors = allowed.split(',').flatMap((span) => {
    const [first = 0, last = first] = span.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
  if (processors.length <= CORES) return;
  const chosen = processors.slice(0, CORES).join();
  const args = ['--all-tasks', '--cpu-list', '--pid', chosen, String(process.pid)];
  const { code, stderr } = await runChild('taskset', args, { cwd: '/' });
  if (code !== 0) throw new Error(`the benchmark could not be confined to two processors: ${stderr.trim()}`);
}
