import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SECRET_BYTES = 32;
const MADE_HERE = /^[0-9a-f]{64}$/u;

/**
 * The secret of a Woodshed that nobody gave one: made once, kept in its data folder for its owner's eyes only.
 *
 * @throws Error where the file is there and holds something else: a new secret in its place would end every link.
 */
export function ownSecret(dataDir: string): string {
  const path = join(dataDir, 'secret');
  const unfinished = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    return readSecret(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  writeFileSync(unfinished, `${randomBytes(SECRET_BYTES).toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    // Whole or not at all, and never over another's.
    linkSync(unfinished, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(unfinished);
  }
  return readSecret(path);
}

function readSecret(path: string): string {
  const secret = readFileSync(path, 'utf8').trim();
  if (!MADE_HERE.test(secret)) throw new Error(`${path} does not hold the secret that Woodshed wrote there`);
  chmodSync(path, 0o600);
  return secret;
}

function hasCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
