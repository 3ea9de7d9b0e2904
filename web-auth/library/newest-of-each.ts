import type { SheetView } from '../../db/recording-sheets.repository.ts';

/** Of sheets that are of one kind, and tabs of one part for one hand and instrument, the first one alone: the newest of a list. */
export function newestOfEach(sheets: readonly SheetView[]): readonly SheetView[] {
  const seen = new Set<string>();
  return sheets.filter((sheet) => {
    const what = JSON.stringify(whatOf(sheet));
    const isNew = !seen.has(what);
    seen.add(what);
    return isNew;
  });
}

function whatOf({ kind, made: { summary } }: SheetView): readonly unknown[] {
  if (!('part' in summary)) return [kind];
  const { tuning, capo, frets } = summary.instrument;
  return [kind, summary.part, summary.level, tuning, capo, frets];
}
