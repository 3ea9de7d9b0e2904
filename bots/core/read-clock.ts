const CLOCK = /^(?:(\d{1,3}):(?=[0-5]\d(?!\d)))?(\d{1,5}(?:[.,]\d{1,6})?)\s*s?$/u;

/** Seconds of a place in a song as people type it: `12.3`, `12,3 s`, `1:02.5`; null where it is none. */
export function readClock(typed: string): number | null {
  const [matched, minutes = '0', seconds = ''] = CLOCK.exec(typed.trim()) ?? [];
  return matched === undefined ? null : Number(minutes) * 60 + Number(seconds.replace(',', '.'));
}
