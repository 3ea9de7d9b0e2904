import type { ListenActivities } from '../../workflows/contract/compute-activities.ts';
import { BASIC_PITCH } from '../models/manifest/note-models.ts';
import { hearNotes } from '../notes/hear-notes.ts';
import { NOTE_RATE_HZ } from '../notes/note-grid.ts';
import { decodeMono } from '../wav/decode-mono.ts';
import { hearOnce } from './listen-work.ts';
import type { ListenDeps } from './listen-work.ts';

/** Of the work; hearing is the rest. */
const DECODING_SHARE = 0.1;

/** The activity. What it hears is named by what it is heard in: an attempt that finds it returns at once. */
export function createHearNotes(deps: ListenDeps): ListenActivities['hearNotes'] {
  return async (input) =>
    await hearOnce(deps, input, {
      what: 'notes',
      modelId: BASIC_PITCH,
      said: null,
      async hear({ model, wavPath, folder, threads, signal, onProgress }) {
        const song = await decodeMono(deps.tools, wavPath, {
          rateHz: NOTE_RATE_HZ,
          channels: input.pcm.channels,
          folder,
          signal,
          onSeconds: (seconds) => onProgress((DECODING_SHARE * seconds * input.pcm.rateHz) / input.pcm.samples),
        });
        const [modelPath = ''] = model.onnxPaths;
        const onHeard = (fraction: number): void => onProgress(DECODING_SHARE + (1 - DECODING_SHARE) * fraction);
        return await hearNotes(
          song,
          {},
          { engine: deps.engine, modelPath, folder, threads, signal, onProgress: onHeard },
        );
      },
    });
}
