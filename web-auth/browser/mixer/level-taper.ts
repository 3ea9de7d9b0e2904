/** How far a fader is up, and what that makes of a level. Steps 0 to 200: 150 is the recording's own level, the top is 6 dB more. */

export const FADER_UNITY = 150;
const FADER_TOP = 200;
const TOP_DB = 6;

/** A factor. Below unity it falls with the third power, as on mixing desks: fine where it is loud, and silent at the end. */
export function gainOfFader(step: number): number {
  if (step <= FADER_UNITY) return (step / FADER_UNITY) ** 3;
  return 10 ** (((step - FADER_UNITY) / (FADER_TOP - FADER_UNITY)) * (TOP_DB / 20));
}

export function decibels(gain: number): string {
  if (gain <= 0) return '−∞';
  const value = 20 * Math.log10(gain);
  const shown = Math.abs(value) < 0.05 ? 0 : value;
  return `${shown < 0 ? '−' : shown > 0 ? '+' : ''}${Math.abs(shown).toFixed(1)}`;
}

/** How much of a meter a level fills, 0 to 1, over 60 dB. */
export function meterFill(level: number): number {
  return level <= 0 ? 0 : Math.max(0, Math.min(1, 1 + (20 * Math.log10(level)) / 60));
}
