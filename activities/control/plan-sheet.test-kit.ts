/** A planner of sheets for tests: every part is heard in the stem `vocals`. */
import type { SheetPlanner } from './plan-sheet.ts';

const VOCALS = { strategy: 'vocals', stem: 'vocals', quality: 'fast' } as const;

export const TEST_SHEETS: Pick<SheetPlanner, 'versions' | 'hear' | 'networks'> = {
  versions: { analysis: 1, chords: 1, lyrics: 1, tab: 1 },
  hear: { lyrics: VOCALS, melody: VOCALS, guitar: VOCALS, bass: VOCALS },
  networks: { beats: null, chords: null, style: null },
};
