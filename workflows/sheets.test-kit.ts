/** Sheets that tests ask for, beside the plans that the control room would make of them. */
import type { SheetCommand, SourceReference } from './contract/request.ts';
import type { SheetPlan, StemToHear } from './contract/sheets.ts';
import { NO_TAB_PREFERENCES } from './contract/tab.ts';
import { planOf } from './fake-activities.test-kit.ts';

export type AskedSheet = readonly [SheetCommand, SheetPlan];

const source: SourceReference = { kind: 'earlier', jobId: 'before', name: 'song.mp3' };
const analysis = { kind: 'analysis', version: 1 } as const;
const from: StemToHear = {
  separation: planOf({ separator: 's', outputs: { a: 'vocals', b: 'rest' } }),
  stem: 'vocals',
};
const instrument = { tuning: [40, 45, 50, 55, 59, 64], capo: 0, frets: 24 };

export const CHART_OPTIONS = { capo: null, transpose: 2, detail: 'simple' } as const;

export const CHORDS: AskedSheet = [
  { kind: 'chords', source, facts: {}, options: CHART_OPTIONS },
  { kind: 'chords', version: 1, analysis, options: CHART_OPTIONS },
];

export const LYRICS: AskedSheet = [
  { kind: 'lyrics', source, given: 'Those words' },
  { kind: 'lyrics', version: 1, from },
];

/** @param alone whether the part is said to be all of the song */
export function tab(alone: boolean | null): AskedSheet {
  const wish = { ...NO_TAB_PREFERENCES, part: 'guitar', alone } as const;
  return [
    { kind: 'tab', source, facts: {}, wish },
    { kind: 'tab', version: 1, analysis, from, alone, part: 'guitar', level: 'full', instrument },
  ];
}
