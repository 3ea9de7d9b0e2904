import type { ListenActivities } from '../../workflows/contract/compute-activities.ts';
import { LISTENING_RATE_HZ } from '../lyrics/log-mel.ts';
import { decodeMono } from '../wav/decode-mono.ts';
import { hearOnce } from './listen-work.ts';
import type { ListenDeps } from './listen-work.ts';

export interface HearWordsDeps extends ListenDeps {
  /** Of the model manifest's task `lyrics`. */
  readonly modelId: string;
}

/** Of the work; hearing is the rest. */
const DECODING_SHARE = 0.05;

/** The activity. What it hears is named by what it is heard in: an attempt that finds it returns at once. */
export function createHearWords(deps: HearWordsDeps): ListenActivities['hearWords'] {
  return async (input) =>
    await hearOnce(deps, input, {
      what: 'lyrics',
      modelId: deps.modelId,
      said: input.given,
      async hear({ model, wavPath, folder, threads, signal, onProgress }) {
        const song = await decodeMono(deps.tools, wavPath, {
          rateHz: LISTENING_RATE_HZ,
          channels: input.pcm.channels,
          folder,
          signal,
          onSeconds: (seconds) => onProgress((DECODING_SHARE * seconds * input.pcm.rateHz) / input.pcm.samples),
        });
        let heard = 0;
        return await deps.engine.run(
          'findLyrics',
          { model, runtime: { device: 'cpu', threads }, song, given: input.given },
          {
            signal,
            onProgress(fraction) {
              heard = fraction ?? heard;
              onProgress(DECODING_SHARE + (1 - DECODING_SHARE) * heard);
            },
          },
        );
      },
    });
}
