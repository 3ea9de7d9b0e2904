/** Random songs written as MusicXML and opened again in music21: everything on the sheets must be there, and nothing else. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { musicXml } from '../activities/tab/music-xml.ts';
import { ownFigure } from './figure.ts';
import type { Figure } from './figure.ts';
import type { SheetReader } from './music21-peer.ts';
import { sheetSongs } from './sheet-songs.ts';
import { sheetDifferences, sheetOf } from './sheet.ts';

/** Of each song; the rest are counted. */
const DIFFERENCES_TOLD = 4;

export interface SheetsBench {
  /** Temporary. */
  readonly folder: string;
  readonly reader: SheetReader;
  readonly count: number;
  readonly seed: number;
  readonly tell: (line: string) => void;
}

export async function sheetsFigures({ folder, reader, count, seed, tell }: SheetsBench): Promise<Figure[]> {
  const scores = sheetSongs(count, seed);
  const sheets = join(folder, 'sheets');
  await mkdir(sheets);
  for (const [number, score] of scores.entries()) {
    await writeFile(join(sheets, `${String(number).padStart(4, '0')}.musicxml`), musicXml(score));
  }
  const read = await reader.read(sheets);
  const written = scores.map(sheetOf);
  let differences = Math.abs(read.length - written.length);
  for (const [number, sheet] of written.entries()) {
    const found = sheetDifferences(sheet, read[number] ?? { bars: [], notes: [], chords: [] });
    differences += found.length;
    for (const line of found.slice(0, DIFFERENCES_TOLD)) tell(`song ${String(number)}, ${line}`);
  }
  const sum = (kind: 'bars' | 'notes' | 'chords'): number =>
    written.reduce((all, sheet) => all + sheet[kind].length, 0);
  return [
    ownFigure('sheets.songs', 'count', written.length),
    ownFigure('sheets.bars', 'count', sum('bars')),
    ownFigure('sheets.notes', 'count', sum('notes')),
    ownFigure('sheets.chords', 'count', sum('chords')),
    ownFigure('sheets.differences', 'count', differences),
  ];
}
