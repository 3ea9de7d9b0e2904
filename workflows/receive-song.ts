/** From what somebody handed over to its bytes, and from these to decoded sound. */
import type { DecodedRecording, ProbedSource, StoredSource } from './contract/recording.ts';
import type { JobRequest } from './contract/request.ts';
import type { Timing } from './contract/timing.ts';
import { chatActivities, controlActivities, linkActivities, mediaActivities } from './proxies.ts';

/** A claim may be off by so much before the share is corrected. */
const CLAIM_TOLERANCE_SECONDS = 1;

export async function receiveSong(request: JobRequest, jobId: string, timing: Timing): Promise<StoredSource> {
  const { source } = request.command;
  switch (source.kind) {
    case 'link':
      return await linkActivities(timing).fetchLink({ jobId, url: source.url });
    case 'attachment':
      return await chatActivities(request.address.platform, timing).collectAttachment({ jobId, source });
    case 'uploaded':
      return await controlActivities(timing).takeUpload({ jobId, source });
    case 'earlier':
      return await controlActivities(timing).reuseSource({ jobId, earlierJobId: source.jobId });
  }
}

/** The band's share is reserved by what the file claims before anything is decoded, and corrected where it claimed wrongly. */
export async function readSong(jobId: string, source: StoredSource, timing: Timing): Promise<DecodedRecording> {
  const control = controlActivities(timing);
  const media = mediaActivities(timing);
  const { bytes } = source;
  const probed: ProbedSource = await media.probeSource({ jobId, source });
  const claimedSeconds = probed.claimedSeconds ?? 0;
  await control.reserveAudio({ jobId, seconds: claimedSeconds, bytes });
  const recording = await media.decodeRecording({ jobId, source, probed });
  const seconds = recording.durationSeconds;
  if (Math.abs(seconds - claimedSeconds) > CLAIM_TOLERANCE_SECONDS) {
    await control.reserveAudio({ jobId, seconds, bytes });
  }
  await control.saveRecording({ jobId, source, recording });
  return recording;
}
