import type { MediaActivities } from '../../workflows/contract/media-activities.ts';
import { createDecodeRecording } from './decode-recording.ts';
import { createEncodeStems } from './encode-stems.ts';
import { createMakePreview } from './make-preview.ts';
import type { MediaDependencies } from './media-dependencies.ts';
import { createMixDown } from './mix-down.ts';
import { createPackPlayer } from './pack-player.ts';
import { createProbeSource } from './probe-source.ts';

/** Queue `media`. Every method runs inside a Temporal activity: it heartbeats and ends when it is cancelled. */
export function createMediaActivities(deps: MediaDependencies): MediaActivities {
  return {
    probeSource: createProbeSource(deps),
    decodeRecording: createDecodeRecording(deps),
    encodeStems: createEncodeStems(deps),
    makePreview: createMakePreview(deps),
    packPlayer: createPackPlayer(deps),
    mixDown: createMixDown(deps),
  } satisfies MediaActivities;
}
