import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importer, Settings } from '@coderline/alphatab';
import type { model } from '@coderline/alphatab';
import fc from 'fast-check';
import type { SongRhythm } from '../../workflows/contract/analysis.ts';
import { TAB_LEVELS } from '../../workflows/contract/tab.ts';
import { NAMED_TUNINGS } from '../../workflows/contract/tunings.ts';
import { alphaTex, guitarPro } from './alphatab-files.ts';
import { chordName } from '../../workflows/contract/chord-name.ts';
import { shapeName } from './chord-shapes.ts';
import { makeTab } from './make-tab.ts';
import { musicXml } from './music-xml.ts';
import { anyInstrument, anyNotes, anyRhythm, heard, someChords } from './random-songs.test-kit.ts';
import type { TabScore } from './tab-score.ts';

const ALPHATAB_TICKS = 80;
const TITLE = 'Söng "one" <two> & three\\';

interface ReadNote {
  readonly tick: number;
  readonly ticks: number;
  readonly string: number;
  readonly fret: number;
  readonly pitchMidi: number;
  readonly tied: boolean;
}

function writtenNotes({ bars }: TabScore): ReadNote[] {
  return bars.flatMap((bar) =>
    bar.beats.flatMap(({ startTick, ticks, notes }) =>
      notes.map(({ string, fret, pitchMidi, tied }) => ({
        tick: bar.startTick + startTick,
        ticks,
        string,
        fret,
        pitchMidi,
        tied,
      })),
    ),
  );
}

/** Everything on the page, in our counts. */
function readNotes(score: model.Score, fromTick: number): ReadNote[] {
  const staff = score.tracks[0]?.staves[0] as model.Staff;
  let barTick = fromTick;
  return staff.bars.flatMap((bar, index) => {
    const start = barTick;
    barTick += (score.masterBars[index] as model.MasterBar).calculateDuration() / ALPHATAB_TICKS;
    return (bar.voices[0] as model.Voice).beats.flatMap((beat) =>
      beat.notes.map((note) => ({
        tick: start + beat.displayStart / ALPHATAB_TICKS,
        ticks: beat.displayDuration / ALPHATAB_TICKS,
        string: staff.tuning.length + 1 - note.string,
        fret: note.fret,
        pitchMidi: note.realValue,
        tied: note.isTieDestination,
      })),
    );
  });
}

function inOrder(notes: readonly ReadNote[]): ReadNote[] {
  return [...notes].sort((a, b) => a.tick - b.tick || a.string - b.string);
}

function assertSame(score: TabScore, read: model.Score): void {
  const staff = read.tracks[0]?.staves[0] as model.Staff;
  // The reader of MusicXML keeps the spaces of titles from breaking.
  assert.equal(read.title.replaceAll('\u00a0', ' '), score.title);
  assert.deepEqual(staff.tuning, score.instrument.tuning.toReversed());
  assert.equal(staff.capo, score.instrument.capo);
  assert.deepEqual(
    read.masterBars.map((bar) => [bar.timeSignatureNumerator, bar.timeSignatureDenominator, bar.isAnacrusis]),
    score.bars.map((bar) => [bar.beatsPerBar, bar.beatUnit, bar.pickup]),
  );
  assert.deepEqual(inOrder(readNotes(read, score.bars[0]?.startTick ?? 0)), inOrder(writtenNotes(score)));
}

function labelsOf({ bars }: TabScore): string[] {
  return bars.flatMap(({ beats }) => beats.flatMap(({ chord }) => (chord === null ? [] : [chord])));
}

/** The file has no word for silence, and alphaTab does not read its bass notes. It is of what sounds, the others of what is fingered. */
function wantedNames(score: TabScore, file: string): string[] {
  const labels = labelsOf(score);
  if (file !== 'MusicXML') return labels.map((label) => shapeName(label, score));
  return labels.flatMap((label) => (label === 'N' ? [] : [chordName(label).split('/')[0] as string]));
}

function namesOf(read: model.Score): string[] {
  const staff = read.tracks[0]?.staves[0] as model.Staff;
  return staff.bars.flatMap((bar) =>
    (bar.voices[0] as model.Voice).beats.flatMap(({ chord }) => (chord === null ? [] : [chord.name])),
  );
}

const READERS: Readonly<Record<string, (score: TabScore) => model.Score>> = {
  alphaTex: (score) => importer.ScoreLoader.loadAlphaTex(alphaTex(score), new Settings()),
  'Guitar Pro 7': (score) => importer.ScoreLoader.loadScoreFromBytes(guitarPro(score), new Settings()),
  MusicXML: (score) =>
    importer.ScoreLoader.loadScoreFromBytes(new TextEncoder().encode(musicXml(score)), new Settings()),
};

for (const [name, read] of Object.entries(READERS)) {
  test(`${name} opens again in alphaTab with the same notes, strings, frets, ticks, ties, bars and chords`, () => {
    const levels = fc.constantFrom(...TAB_LEVELS);
    fc.assert(
      fc.property(anyNotes(), anyRhythm(), anyInstrument(), levels, (notes, rhythm, instrument, level) => {
        const { score } = makeTab({ title: TITLE, notes, rhythm, instrument, level, chords: someChords() });
        const opened = read(score);
        assertSame(score, opened);
        assert.deepEqual(namesOf(opened), wantedNames(score, name));
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  // A whole rest would stand for the bar that the pickup is not.
  test(`${name}: a pickup in which the part waits is as long in alphaTab`, () => {
    const beatsSeconds = Array.from({ length: 14 }, (_, beat) => beat / 2);
    const rhythm: SongRhythm = {
      tempoBpm: 120,
      confidence: 1,
      tempoCurve: [],
      beatsSeconds,
      downbeatsSeconds: beatsSeconds.filter((_, beat) => beat % 5 === 4),
      timeSignature: { beatsPerBar: 5, beatUnit: 4, confidence: 1 },
      swing: null,
    };
    const instrument = { tuning: NAMED_TUNINGS.standard, capo: 0, frets: 20 };
    const { score } = makeTab({
      title: TITLE,
      notes: [heard(2.5, 60)],
      rhythm,
      instrument,
      level: 'full',
      chords: [{ startSeconds: 0, endSeconds: 9, label: 'C:maj', confidence: 1 }],
    });
    assert.deepEqual(
      score.bars[0]?.beats.map(({ ticks, notes }) => [ticks, notes.length]),
      [
        [36, 0],
        [12, 0],
      ],
    );
    assertSame(score, read(score));
  });
}
