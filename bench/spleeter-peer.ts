/** Spleeter itself, as its own Python program runs it. */
import { z } from 'zod';
import { findPeerProgram } from './peer-program.ts';

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

/** @returns what is missing, as a sentence, where the peer cannot be run */
export function findSpleeter(projectRoot: string): SpleeterPeer | string {
  const program = findPeerProgram(projectRoot, 'spleeter', 'spleeter_separate.py');
  if (typeof program === 'string') return program;
  return { run: async (songPath) => measuredSchema.parse(JSON.parse(await program.run([songPath]))) };
}
