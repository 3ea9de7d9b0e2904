/** Files that alphaTab writes: its own text form, and Guitar Pro's. */
import { exporter, Settings } from '@coderline/alphatab';
import { alphaTabScore } from './alphatab-score.ts';
import type { TabScore } from './tab-score.ts';

/** @returns an alphaTex document */
export function alphaTex(score: TabScore): string {
  const settings = new Settings();
  return new exporter.AlphaTexExporter().exportToString(alphaTabScore(score, settings), settings);
}

/** @returns a Guitar Pro 7 file (`.gp`) */
export function guitarPro(score: TabScore): Uint8Array {
  const settings = new Settings();
  return new exporter.Gp7Exporter().export(alphaTabScore(score, settings), settings);
}
