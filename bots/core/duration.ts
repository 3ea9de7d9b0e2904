/** `8 s`, `3 min 05 s`, `2 h 10 min`: the same in every language. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) {
    return `${String(whole)} s`;
  }
  return whole < 3600
    ? `${String(Math.floor(whole / 60))} min ${String(whole % 60).padStart(2, '0')} s`
    : `${String(Math.floor(whole / 3600))} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}
