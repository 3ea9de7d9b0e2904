/** Basic Pitch itself, as its own Python program runs it on ONNX. */
import { z } from 'zod';
import { findPeerProgram } from './peer-program.ts';

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

/** @returns what is missing, as a sentence, where the peer cannot be run */
export function findBasicPitch(projectRoot: string): BasicPitchPeer | string {
  const program = findPeerProgram(projectRoot, 'music', 'basic_pitch_notes.py');
  if (typeof program === 'string') return program;
  return { run: async (songPath) => measuredSchema.parse(JSON.parse(await program.run([songPath]))) };
}
