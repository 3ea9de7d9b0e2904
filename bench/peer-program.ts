import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runChild } from '../runtime/child.ts';
import { ownEnvironment } from '../runtime/own-environment.ts';

/** A peer's script in the virtual environment that the peers' set-up script makes for it. */
export interface PeerProgram {
  /** @returns what the script prints. @throws Error when it fails. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
}

const LARGEST_REPORT_BYTES = 16 * 1024 * 1024;

/**
 * @param projectRoot relative paths in the environment count from here
 * @param name of the virtual environment
 * @returns what is missing, as a sentence, where the script cannot be run
 */
export function findPeerProgram(projectRoot: string, name: string, scriptName: string): PeerProgram | string {
  const env = ownEnvironment({});
  const shared = resolve(projectRoot, env['WOODSHED_SHARED'] ?? join('..', 'shared'), 'peers');
  const peers = env['PEERS_DIR'] ?? join(env['HOME'] ?? '/', '.cache', 'woodshed-peers');
  const python = resolve(projectRoot, peers, name, 'bin', 'python');
  const script = join(shared, scriptName);
  if (!existsSync(script)) return `There is no ${script}; WOODSHED_SHARED names the folder that holds peers/.`;
  if (!existsSync(python)) {
    return `There is no ${python}; ${join(shared, 'setup.sh')} installs it (PEERS_DIR names another folder).`;
  }
  return {
    async run(args, more = {}) {
      const options = { cwd: '/', env: { ...env, ...more }, maxOutputBytes: LARGEST_REPORT_BYTES };
      const { code, signal, stdout, stderr } = await runChild(python, [script, ...args], options);
      if (code !== 0) throw new Error(`${scriptName} ended with ${String(signal ?? code)}: ${stderr.slice(-2000)}`);
      return stdout.toString('utf8');
    },
  };
}
