import { isAbsolute } from 'node:path';
import { findProgram, runChild } from '../child.ts';
import { toolEnvironment } from '../tool-environment.ts';

export interface Python {
  /** The interpreter itself, not a script that stands for it. */
  readonly path: string;
  readonly version: string;
  /** Null where the interpreter has no pip. */
  readonly pipVersion: string | null;
}

const RUN_LIMIT_MS = 20_000;

/** Null where no python3 is on the PATH, or the one that is does not run. */
export async function findPython(searchPath?: string): Promise<Python | null> {
  const program = findProgram('python3', searchPath);
  if (program === null) return null;
  const options = { cwd: '/', env: toolEnvironment(), timeoutMs: RUN_LIMIT_MS };
  const script = 'import sys; print(sys.executable); print(sys.version.split()[0])';
  const asked = await runChild(program, ['-c', script], options);
  const [path = '', version = ''] = asked.stdout.toString('utf8').split('\n');
  if (asked.code !== 0 || !isAbsolute(path)) return null;
  const pip = await runChild(path, ['-m', 'pip', '--version'], options);
  const pipVersion = /^pip (\S+)/u.exec(pip.stdout.toString('utf8'))?.[1];
  return { path, version, pipVersion: pip.code === 0 && pipVersion !== undefined ? pipVersion : null };
}
