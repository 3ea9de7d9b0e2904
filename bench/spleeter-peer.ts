/** Spleeter itself, as its own Python program runs it, in the virtual environment that the peers' set-up script makes. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { runChild } from '../runtime/child.ts';
import { ownEnvironment } from '../runtime/own-environment.ts';

const measuredSchema = z.object({
  audioSeconds: z.number().positive(),
  firstSeconds: z.number().positive(),
  seconds: z.number().positive(),
  peakMB: z.number().positive(),
});

export type MeasuredPeer = z.output<typeof measuredSchema>;

export interface SpleeterPeer {
  /** One process: the first song and two warm ones; decoding is in none of its times. */
  run(songPath: string): Promise<MeasuredPeer>;
}

/**
 * @param projectRoot relative paths in the environment count from here
 * @returns what is missing, as a sentence, where the peer cannot be run
 */
export function findSpleeter(projectRoot: string): SpleeterPeer | string {
  const env = ownEnvironment({});
  const shared = resolve(projectRoot, env['WOODSHED_SHARED'] ?? join('..', 'shared'), 'peers');
  const peers = env['PEERS_DIR'] ?? join(env['HOME'] ?? '/', '.cache', 'woodshed-peers');
  const python = resolve(projectRoot, peers, 'spleeter', 'bin', 'python');
  const script = join(shared, 'spleeter_separate.py');
  if (!existsSync(script)) return `There is no ${script}; WOODSHED_SHARED names the folder that holds peers/.`;
  if (!existsSync(python)) {
    return `There is no ${python}; ${join(shared, 'setup.sh')} installs it (PEERS_DIR names another folder).`;
  }
  return {
    async run(songPath) {
      const { code, stdout, stderr } = await runChild(python, [script, songPath], { cwd: '/', env });
      if (code !== 0) throw new Error(`Spleeter ended with ${String(code)}: ${stderr.slice(-2000)}`);
      return measuredSchema.parse(JSON.parse(stdout.toString('utf8')));
    },
  };
}
