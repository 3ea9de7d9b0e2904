// What was heard in a song, as it is kept.
import type { SongEvidence } from './hear-song.ts';
import { levelsOfCodes, toLevelCodes } from './level-codes.ts';
import type { LevelCodes } from './level-codes.ts';
import { packValues, unpackValues } from './packed-values.ts';

interface PackedEvidence extends Omit<SongEvidence, 'pitch'> {
  readonly pitch: Omit<SongEvidence['pitch'], 'spectra'> & { readonly spectra: LevelCodes };
}

/** About 2.4 MB for three minutes of sound. */
export function packEvidence(evidence: SongEvidence): Uint8Array {
  const { pitch } = evidence;
  const packed: PackedEvidence = { ...evidence, pitch: { ...pitch, spectra: toLevelCodes(pitch.spectra) } };
  return packValues(packed);
}

/** To the bit what was packed, by this version of the code; null where it is damaged. */
export function unpackEvidence(packed: Uint8Array): SongEvidence | null {
  const evidence = unpackValues(packed) as PackedEvidence | null;
  if (evidence === null) return null;
  const { pitch } = evidence;
  return { ...evidence, pitch: { ...pitch, spectra: levelsOfCodes(pitch.spectra) } };
}
