/** Format, lint, types. With `--write` the formatter writes. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runChild } from '../runtime/child.ts';

const ROOT = join(import.meta.dirname, '..');
const BIN = join(ROOT, 'node_modules', '.bin');

/** @returns whether everything is as it should be; the tools' lines go to standard output */
export async function check(write: boolean): Promise<boolean> {
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ['oxfmt', write ? ['.'] : ['--check', '.']],
    ['oxlint', ['--type-aware', '--deny-warnings']],
    ['tsc', []],
    ['tsc', ['-p', join('web-auth', 'browser')]],
  ];
  let good = true;
  for (const [tool, args] of steps) {
    const { code, stdout, stderr } = await runChild(join(BIN, tool), args, {
      cwd: ROOT,
      env: { PATH: `${join(ROOT, 'node_modules', 'node', 'bin')}:${BIN}:/usr/bin:/bin` },
    });
    const step = [tool, ...args].join(' ');
    console.log(code === 0 ? `${step}: good` : `${step}: failed\n${stdout.toString()}${stderr}`);
    good &&= code === 0;
  }
  return good;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
  process.exitCode = (await check(values.write)) ? 0 : 1;
}
