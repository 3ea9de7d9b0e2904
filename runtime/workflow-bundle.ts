import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import workerPackage from '@temporalio/worker/package.json' with { type: 'json' };

/**
 * The workflows' bundle as a file, made once per version of the sources and of the SDK: webpack takes a second of every start otherwise.
 * @param entry the workflows' `index.ts`; its folder is what the bundle is made from
 * @returns the bundle's path
 */
export async function bundleWorkflows(entry: string, cacheDir: string): Promise<string> {
  const key = await hashSources(dirname(entry), workerPackage.version);
  const path = join(cacheDir, 'workflows', `${key}.cjs`);
  if (await stat(path).catch(() => null)) {
    return path;
  }
  const { code } = await bundleWorkflowCode({ workflowsPath: entry, logger: new DefaultLogger('ERROR') });
  await mkdir(dirname(path), { recursive: true });
  // Two processes may do this at once; both write the same.
  const aside = `${path}.${String(process.pid)}`;
  await writeFile(aside, code);
  await rename(aside, path);
  return path;
}

async function hashSources(folder: string, sdkVersion: string): Promise<string> {
  const names = (await readdir(folder, { recursive: true }))
    .filter((name) => name.endsWith('.ts') && !name.includes('.test'))
    .sort();
  const hash = createHash('sha256').update(sdkVersion);
  for (const name of names) {
    hash.update(`\0${name}\0`).update(await readFile(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 32);
}
