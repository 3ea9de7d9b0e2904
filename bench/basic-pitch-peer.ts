/** Basic Pitch itself, as its own Python program runs it on ONNX, in the virtual environment that the peers' set-up script makes. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { runChild } from '../runtime/child.ts';
import { ownEnvironment } from '../runtime/own-environment.ts';

const measuredSchema = z.object({
  seconds: z.number().positive(),
  peakMB: z.number().positive(),
  notes: z.array(z.object({ startSeconds: z.number(), pitchMidi: z.int() })),
});

export type MeasuredNotes = z.output<typeof measuredSchema>;

export interface BasicPitchPeer {
  /** One process, and in it the second time of two: from the file to the notes. */
  run(songPath: string): Promise<MeasuredNotes>;
}

const LARGEST_REPORT_BYTES = 16 * 1024 * 1024;

/**
 * @param projectRoot relative paths in the environment count from here
 * @returns what is missing, as a sentence, where the peer cannot be run
 */
export function findBasicPitch(projectRoot: string): BasicPitchPeer | string {
  const env = ownEnvironment({});
  const shared = resolve(projectRoot, env['WOODSHED_SHARED'] ?? join('..', 'shared'), 'peers');
  const peers = env['PEERS_DIR'] ?? join(env['HOME'] ?? '/', '.cache', 'woodshed-peers');
  const python = resolve(projectRoot, peers, 'music', 'bin', 'python');
  const script = join(shared, 'basic_pitch_notes.py');
  if (!existsSync(script)) return `There is no ${script}; WOODSHED_SHARED names the folder that holds peers/.`;
  if (!existsSync(python)) {
    return `There is no ${python}; ${join(shared, 'setup.sh')} installs it (PEERS_DIR names another folder).`;
  }
  return {
    async run(songPath) {
      const options = { cwd: '/', env, maxOutputBytes: LARGEST_REPORT_BYTES };
      const { code, stdout, stderr } = await runChild(python, [script, songPath], options);
      if (code !== 0) throw new Error(`Basic Pitch ended with ${String(code)}: ${stderr.slice(-2000)}`);
      return measuredSchema.parse(JSON.parse(stdout.toString('utf8')));
    },
  };
}
