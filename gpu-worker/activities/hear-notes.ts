import type { ListenActivities } from '../../workflows/contract/compute-activities.ts';
import { BASIC_PITCH } from '../models/manifest/note-models.ts';
import { hearNotes } from '../notes/hear-notes.ts';
import { NOTE_RATE_HZ } from '../notes/note-grid.ts';
import { asJson, hearSheet } from './listen-work.ts';
import type { ListenDeps } from './listen-work.ts';

/** The activity. What it hears is named by what it is heard in: an attempt that finds it returns at once. */
export function createHearNotes(deps: ListenDeps): ListenActivities['hearNotes'] {
  return async (input) =>
    await hearSheet(deps, input, {
      what: 'notes',
      modelId: BASIC_PITCH,
      rateHz: NOTE_RATE_HZ,
      decodingShare: 0.1,
      said: null,
      async hear({ model, song, folder, threads, signal, onProgress }) {
        const [modelPath = ''] = model.onnxPaths;
        const run = { engine: deps.engine, modelPath, folder, threads, signal, onProgress };
        return asJson(await hearNotes(song, {}, run));
      },
    });
}
