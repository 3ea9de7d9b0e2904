// Which model hears what, as the operator chose.
import { MODELS } from './manifest.ts';

/** Ids of models by what they hear; null: no network is asked. */
export interface ChosenModels {
  readonly lyrics: string;
  readonly beats: string | null;
  readonly chords: string | null;
  readonly style: string | null;
}

/** A sentence for each that is no model for that. @param without how the configuration says null */
export function problemsOfChosen(
  { lyrics, beats, chords, style }: ChosenModels,
  without: Readonly<Record<string, string>>,
): string[] {
  return Object.entries({ lyrics, beats, chords, style }).flatMap(([task, id]) => {
    const known = [...MODELS.values()].filter((entry) => entry.task === task).map((entry) => entry.id);
    if (id === null || known.includes(id)) return [];
    const choices = [...(without[task] === undefined ? [] : [without[task]]), ...known];
    return [`models.${task} is "${id}"; it must be one of ${choices.join(', ')}`];
  });
}
