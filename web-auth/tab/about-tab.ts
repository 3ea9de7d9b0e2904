import type { TabPart, TabSummary } from '../../workflows/contract/tab.ts';
import { tuningName } from '../../workflows/contract/tunings.ts';

export const PART_NAMES: Readonly<Record<TabPart, string>> = { guitar: 'Guitar', bass: 'Bass', melody: 'Melody' };

/** Such as `Guitar · full · drop-d · capo 2 · 120 BPM`. */
export function aboutTab({ part, level, instrument, tempoBpm }: TabSummary): string {
  return [
    PART_NAMES[part],
    level,
    tuningName(instrument.tuning),
    ...(instrument.capo > 0 ? [`capo ${String(instrument.capo)}`] : []),
    tempoBpm === null ? 'in free time' : `${tempoBpm.toFixed()} BPM`,
  ].join(' · ');
}
