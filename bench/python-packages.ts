/** Packages of PyPI in a virtual environment that is made for them. */
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runChild } from '../runtime/child.ts';
import { ownEnvironment } from '../runtime/own-environment.ts';

/** Fetches them where they are not there yet; the folder is there whole or not at all. @returns what went wrong, as a sentence; null for nothing */
export async function ensurePackages(folder: string, packages: readonly string[]): Promise<string | null> {
  if (existsSync(folder)) return null;
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  const options = { cwd: '/', env: ownEnvironment({}) };
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ['python3', ['-m', 'venv', partial]],
    [join(partial, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--no-input', ...packages]],
  ];
  for (const [program, args] of steps) {
    const { code, stderr } = await runChild(program, args, options);
    if (code !== 0) return `${program} ${args.join(' ')} ended with ${String(code)}: ${stderr.slice(-400)}`;
  }
  await rename(partial, folder);
  return null;
}
