/** Debian's packages, unpacked into a folder: programs and files that the machine lacks, without rights and beside its system. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MINIMAL_ENVIRONMENT, runChild } from '../runtime/child.ts';

/**
 * A folder is there whole or not at all; what is there is not fetched again.
 *
 * @param name of the folder
 * @returns its path; what the system would have as `/usr` is `usr` in it
 * @throws Error where the machine is no Debian, or the packages cannot be had
 */
export async function unpackedPackages(
  folder: string,
  name: string,
  packagesOf: () => Promise<readonly string[]>,
): Promise<string> {
  const target = join(folder, name);
  if (existsSync(target)) return target;
  const partial = `${target}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  await run(partial, 'apt-get', ['download', '-q', ...(await packagesOf())]);
  for (const file of await readdir(partial)) {
    if (!file.endsWith('.deb')) continue;
    await run(partial, 'dpkg', ['-x', file, '.']);
    await rm(join(partial, file));
  }
  await rename(partial, target);
  return target;
}

/** A package and those that it needs and the machine has not; what it recommends is not among them. */
export async function missingPackages(name: string): Promise<readonly string[]> {
  const args = ['install', '--print-uris', '-qq', '-y', '--no-install-recommends', name];
  const lines = (await run('/', 'apt-get', args)).split('\n');
  return lines.flatMap((line) => / (?<name>[^\s_]+)_\S+\.deb /u.exec(line)?.groups?.['name'] ?? []);
}

/** Where the dynamic linker finds the libraries among unpacked packages. */
export async function libraryPath(root: string): Promise<string> {
  const lib = join(root, 'usr', 'lib');
  const folders = (await readdir(lib, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => join(lib, name)).join(':');
}

async function run(cwd: string, command: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runChild(command, args, { cwd, env: MINIMAL_ENVIRONMENT });
  if (code === 0) return stdout.toString('utf8');
  throw new Error(`${command} ended with ${String(code)}; install what is missing by hand. ${stderr.slice(-400)}`);
}
