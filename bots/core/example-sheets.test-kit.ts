import type { ChordsResult, LyricsResult, SheetResult, TabResult } from '../../workflows/contract/sheets.ts';
import type { SheetCommand } from '../../workflows/contract/request.ts';
import { NO_TAB_PREFERENCES } from '../../workflows/contract/tab.ts';
import { NAMED_TUNINGS } from '../../workflows/contract/tunings.ts';
import { EXAMPLE_SPLIT, exampleAnalysis } from './example-job.test-kit.ts';

const { source } = EXAMPLE_SPLIT;
const blob = { key: 'sheets/x/file', bytes: 8, sha256: '00' };
const MADE = { recording: { sha256: 'ab', durationSeconds: 180, title: 'song.mp3' }, facts: {}, seconds: 8.1 } as const;

/** What each result of these was asked for by. */
export const EXAMPLE_COMMANDS = {
  analysis: { kind: 'analyze', source, facts: {} },
  chords: { kind: 'chords', source, facts: {}, options: { capo: null, transpose: 2, detail: 'simple' } },
  lyrics: { kind: 'lyrics', source, given: null },
  tab: { kind: 'tab', source, facts: {}, wish: { ...NO_TAB_PREFERENCES, part: 'guitar', level: 'full', alone: null } },
} as const satisfies Record<SheetResult['kind'], SheetCommand>;

function files(name: string, endings: readonly string[]): ChordsResult['files'] {
  return endings.map((ending) => ({ name, fileName: `${name}.${ending}`, blob }));
}

export function exampleChords(): ChordsResult {
  return {
    ...MADE,
    kind: 'chords',
    summary: {
      key: { tonic: 'B', mode: 'minor', otherMode: null, confidence: 0.74 },
      playedIn: { tonic: 'B', mode: 'minor' },
      capo: 0,
      transpose: 2,
      detail: 'simple',
      easiestCapo: 2,
      sections: [
        { title: 'Intro', startSeconds: 0, scale: 'B natural minor', numerals: 'i VI' },
        { title: 'B', startSeconds: 20.4, scale: null, numerals: '' },
      ],
      modulations: [{ atSeconds: 65.9, tonic: 'D', mode: 'major' }],
      opening: 'Intro\n| Bm . . . | G . . . |  ',
    },
    files: files('chords', ['png', 'txt', 'cho', 'json']),
  };
}

export function exampleLyrics(): LyricsResult {
  return {
    ...MADE,
    kind: 'lyrics',
    summary: {
      language: 'en',
      source: 'heard',
      words: 214,
      confidence: 0.55,
      opening: [
        { startSeconds: 12.3, text: 'Down by the river' },
        { startSeconds: 75.1, text: 'there we were *free*' },
      ],
    },
    files: files('lyrics', ['txt', 'lrc', 'srt', 'json']),
  };
}

export function exampleTab(): TabResult {
  return {
    ...MADE,
    kind: 'tab',
    summary: {
      part: 'guitar',
      level: 'full',
      instrument: { tuning: NAMED_TUNINGS.dadgad, capo: 2, frets: 24 },
      notes: 312,
      confidence: 0.6,
      bars: 64,
      tempoBpm: 120,
      playability: { largestStretchFrets: 4, shiftsPerBar: 0.84, impossibleBars: 0, dropped: 12 },
      alone: false,
    },
    files: files('tab', ['png', 'mp3', 'mid', 'musicxml', 'gp', 'txt', 'json']),
  };
}

export const EXAMPLE_SHEETS: { readonly [Kind in SheetResult['kind']]: () => Extract<SheetResult, { kind: Kind }> } = {
  analysis: exampleAnalysis,
  chords: exampleChords,
  lyrics: exampleLyrics,
  tab: exampleTab,
};
