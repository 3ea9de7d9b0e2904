import type { ListenActivities } from '../../workflows/contract/compute-activities.ts';
import { LISTENING_RATE_HZ } from '../lyrics/log-mel.ts';
import { asJson, hearSheet } from './listen-work.ts';
import type { ListenDeps } from './listen-work.ts';

export interface HearWordsDeps extends ListenDeps {
  /** Of the model manifest's task `lyrics`. */
  readonly modelId: string;
}

/** The activity. What it hears is named by what it is heard in: an attempt that finds it returns at once. */
export function createHearWords(deps: HearWordsDeps): ListenActivities['hearWords'] {
  return async (input) =>
    await hearSheet(deps, input, {
      what: 'lyrics',
      modelId: deps.modelId,
      rateHz: LISTENING_RATE_HZ,
      decodingShare: 0.05,
      said: input.given,
      async hear({ model, song, threads, signal, onProgress }) {
        let heard = 0;
        const lyrics = await deps.engine.run(
          'findLyrics',
          { model, runtime: { device: 'cpu', threads }, song, given: input.given },
          {
            signal,
            onProgress(fraction) {
              heard = fraction ?? heard;
              onProgress(heard);
            },
          },
        );
        return asJson(lyrics);
      },
    });
}
