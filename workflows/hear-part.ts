/** What is listened to of a song: the stem of one part, or the song itself where that part is all of it. */
import type { DecodedRecording, PcmBlob } from './contract/recording.ts';
import type { StemToHear } from './contract/sheets.ts';
import type { Timing } from './contract/timing.ts';
import { refuse } from './contract/failure.ts';
import { isAlone } from './is-alone.ts';
import { separateSong } from './make-stems.ts';
import { controlActivities } from './proxies.ts';

export interface HeardPart {
  readonly pcm: PcmBlob;
  /** The song itself. */
  readonly alone: boolean;
}

/** @param alone whether the part is all of the song; null: decided by what the stems carry */
export async function hearPart(
  {
    jobId,
    recording,
    timing,
  }: { readonly jobId: string; readonly recording: DecodedRecording; readonly timing: Timing },
  { separation, stem }: StemToHear,
  alone: boolean | null,
): Promise<HeardPart> {
  const itself: HeardPart = { pcm: recording.canonical, alone: true };
  if (alone === true) {
    return itself;
  }
  const earlier = await controlActivities(timing).findEarlier({
    jobId,
    recordingSha256: recording.sha256,
    planKey: separation.planKey,
  });
  const finished = earlier?.finished ?? (await separateSong(recording, { jobId, plan: separation }, timing));
  const part = finished.stems.find(({ name }) => name === stem);
  if (part === undefined) {
    return refuse('internal');
  }
  return alone === null && isAlone(finished.stems, stem) ? itself : { pcm: part.pcm, alone: false };
}
