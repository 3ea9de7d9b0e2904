/** Commands that ask for something written down of a song, out of their options. */
import type { FactChanges } from '../../workflows/contract/analysis.ts';
import { parseTuning } from '../../workflows/contract/parse-tuning.ts';
import type { TabPart, TabPreferences } from '../../workflows/contract/tab.ts';
import { isBassTuning, tuningName } from '../../workflows/contract/tunings.ts';
import type { ReadCommand, SongCommand } from './chat-command.ts';
import { PLAIN_COMMANDS } from './chat-command.ts';
import { HEARD } from './command-table.ts';
import { unknownTuning } from './option-refusal.ts';
import type { Refusal } from './option-refusal.ts';
import type { Values } from './option-values.ts';

export function analyzeOf(values: Values): SongCommand {
  return { kind: 'analyze', ...placeOf(values), facts: factsOf(values) };
}

export function chordsOf(values: Values): SongCommand {
  const { capo, transpose, detail } = values;
  const { options } = PLAIN_COMMANDS.chords;
  return {
    kind: 'chords',
    ...placeOf(values),
    facts: factsOf(values),
    options: {
      capo: capo ?? options.capo,
      transpose: transpose ?? options.transpose,
      detail: detail ?? options.detail,
    },
  };
}

export function lyricsOf(values: Values): SongCommand {
  return { kind: 'lyrics', ...placeOf(values), given: values.words ?? null };
}

export function tabOf(values: Values): ReadCommand {
  const { wish } = PLAIN_COMMANDS.tab;
  const part = values.part ?? (isForBass(values.tuning) ? 'bass' : wish.part);
  const preferred = tabPreferencesOf(values, part);
  if ('failure' in preferred) return preferred;
  const alone = values.alone === undefined ? null : values.alone === 'yes';
  return {
    command: {
      kind: 'tab',
      ...placeOf(values),
      facts: factsOf(values),
      wish: { ...wish, ...preferred.preferences, part, alone },
    },
  };
}

/** By a name or notes that are a bass's alone, or by octaves as low as its strings; `DGBE` without them is some ukulele's. */
function isForBass(tuning: string | undefined): boolean {
  if (tuning === undefined) return false;
  const [asGuitar, asAny] = ([PLAIN_COMMANDS.tab.wish.part, null] as const).map((part) => parseTuning(tuning, part));
  return (
    (asGuitar !== undefined && 'tuning' in asGuitar && isBassTuning(asGuitar.tuning)) ||
    (asAny !== undefined && 'tuning' in asAny && tuningName(asAny.tuning).startsWith('bass-'))
  );
}

/** Those that were said. @param part as in {@link parseTuning} */
export function tabPreferencesOf(
  { level, tuning, capo, frets }: Values,
  part: TabPart | null,
): { readonly preferences: Partial<TabPreferences> } | Refusal {
  const parsed = tuning === undefined ? null : parseTuning(tuning, part);
  if (parsed !== null && 'problem' in parsed) return unknownTuning();
  return {
    preferences: {
      ...(level === undefined ? {} : { level }),
      ...(parsed === null ? {} : { tuning: parsed.tuning }),
      ...(capo === undefined ? {} : { capo }),
      ...(frets === undefined ? {} : { frets }),
    },
  };
}

function placeOf({ song, out }: Values): { readonly target: string | null; readonly out: string | null } {
  return { target: song ?? null, out: out ?? null };
}

function factsOf({ tempo, metre, key, beat1 }: Values): FactChanges {
  return {
    // Half or double of what was found means nothing beside a tempo.
    ...(tempo === undefined ? {} : { tempoBpm: unlessHeard(tempo), tempoFactor: null }),
    ...(metre === undefined ? {} : { beatsPerBar: metre === HEARD ? null : Number(metre.charAt(0)) }),
    ...(key === undefined ? {} : { key: unlessHeard(key) }),
    ...(beat1 === undefined ? {} : { downbeatSeconds: unlessHeard(beat1) }),
  };
}

function unlessHeard<T>(said: T | typeof HEARD): T | null {
  return said === HEARD ? null : said;
}
