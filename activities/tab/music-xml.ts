/** A tab as MusicXML 4.0, partwise: a TAB clef, the instrument's tuning, and string and fret of each note. */
import { isBassTuning } from '../../workflows/contract/tunings.ts';
import { secondsAt } from './beat-grid.ts';
import { chordElement } from './music-xml-chord.ts';
import { spellNotes } from './spell-notes.ts';
import { keyFifths, spellString } from './spelling.ts';
import type { SpelledPitch } from './spelling.ts';
import { TICKS_PER_QUARTER } from './tab-score.ts';
import type { NoteValue, ScoreBar, ScoreBeat, ScoreNote, TabScore } from './tab-score.ts';
import { element, empty, text } from '../pictures/xml.ts';

const TYPES: Readonly<Record<NoteValue['denominator'], string>> = {
  1: 'whole',
  2: 'half',
  4: 'quarter',
  8: 'eighth',
  16: '16th',
};

export function musicXml(score: TabScore): string {
  const names = spellNotes(score);
  const document = element(
    'score-partwise',
    [
      element('work', [text('work-title', score.title)]),
      element('identification', [element('encoding', [text('software', 'Woodshed')])]),
      element('part-list', [
        element('score-part', [text('part-name', isBassTuning(score.instrument.tuning) ? 'Bass' : 'Guitar')], {
          id: 'P1',
        }),
      ]),
      element(
        'part',
        score.bars.map((bar, index) => measure(score, bar, index, names)),
        { id: 'P1' },
      ),
    ],
    { version: '4.0' },
  );
  return `<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">
${document}
`;
}

type Names = ReadonlyMap<ScoreNote, SpelledPitch>;

function measure(score: TabScore, bar: ScoreBar, index: number, names: Names): string {
  return element(
    'measure',
    [
      ...attributes(score, bar, index),
      tempo(score, bar, index),
      ...bar.beats.flatMap((beat, at) => [
        ...(beat.chord === null ? [] : chordElement(beat.chord)),
        ...beatElements(names, beat, bar.beats[at + 1] ?? score.bars[index + 1]?.beats[0] ?? null),
      ]),
    ],
    { number: String(bar.number), ...(bar.pickup ? { implicit: 'yes' } : {}) },
  );
}

function attributes({ bars, key, instrument }: TabScore, bar: ScoreBar, index: number): string[] {
  const before = bars[index - 1];
  const first = before === undefined;
  if (!first && before.beatsPerBar === bar.beatsPerBar && before.beatUnit === bar.beatUnit) return [];
  const time = element('time', [text('beats', bar.beatsPerBar), text('beat-type', bar.beatUnit)]);
  if (!first) return [element('attributes', [time])];
  return [
    element('attributes', [
      text('divisions', TICKS_PER_QUARTER),
      element('key', [text('fifths', keyFifths(key)), text('mode', key?.mode ?? 'major')]),
      time,
      element('clef', [text('sign', 'TAB'), text('line', instrument.tuning.length - 1)]),
      element('staff-details', [
        text('staff-lines', instrument.tuning.length),
        ...instrument.tuning.map((pitch, string) => {
          const { step, alter, octave } = spellString(pitch, key);
          return element(
            'staff-tuning',
            [
              text('tuning-step', step),
              ...(alter === 0 ? [] : [text('tuning-alter', alter)]),
              text('tuning-octave', octave),
            ],
            { line: String(string + 1) },
          );
        }),
        ...(instrument.capo > 0 ? [text('capo', instrument.capo)] : []),
      ]),
    ]),
  ];
}

/** The bar's own tempo; only the first is shown. */
function tempo({ grid, tempoBpm }: TabScore, { startTick, ticks }: ScoreBar, index: number): string {
  const seconds = secondsAt(grid, startTick + ticks) - secondsAt(grid, startTick);
  const bpm = ((ticks / TICKS_PER_QUARTER / seconds) * 60).toFixed(3);
  if (index > 0) return empty('sound', { tempo: bpm });
  const shown =
    tempoBpm === null
      ? text('words', 'Free time')
      : element('metronome', [text('beat-unit', 'quarter'), text('per-minute', Math.round(Number(bpm)))]);
  const swung = grid.swing > 0.5;
  const swing = element('swing', [text('first', 2), text('second', 1), text('swing-type', 'eighth')]);
  return element(
    'direction',
    [
      element('direction-type', [shown]),
      ...(swung ? [element('direction-type', [text('words', 'Swing')])] : []),
      swung ? element('sound', [swing], { tempo: bpm }) : empty('sound', { tempo: bpm }),
    ],
    { placement: 'above' },
  );
}

function beatElements(names: Names, beat: ScoreBeat, next: ScoreBeat | null): string[] {
  const shape = [
    text('voice', 1),
    text('type', TYPES[beat.value.denominator]),
    ...(beat.value.dots === 1 ? [empty('dot')] : []),
    ...(beat.value.triplet ? [element('time-modification', [text('actual-notes', 3), text('normal-notes', 2)])] : []),
  ];
  const tuplet = tupletMarks(beat);
  if (beat.notes.length === 0) {
    const marks = tuplet.length === 0 ? [] : [element('notations', tuplet)];
    return [element('note', [empty('rest'), text('duration', beat.ticks), ...shape, ...marks])];
  }
  return beat.notes.map((note, index) => {
    const goesOn = next?.notes.some(({ tied, string }) => tied && string === note.string) ?? false;
    const ties = [...(note.tied ? ['stop'] : []), ...(goesOn ? ['start'] : [])];
    const { step, alter, octave } = names.get(note) as SpelledPitch;
    return element('note', [
      ...(index > 0 ? [empty('chord')] : []),
      element('pitch', [text('step', step), ...(alter === 0 ? [] : [text('alter', alter)]), text('octave', octave)]),
      text('duration', beat.ticks),
      ...ties.map((type) => empty('tie', { type })),
      ...shape,
      notations(note, ties, index === 0 ? tuplet : []),
    ]);
  });
}

function notations(note: ScoreNote, ties: readonly string[], tuplet: readonly string[]): string {
  return element('notations', [
    ...ties.map((type) => empty('tied', { type })),
    ...(note.letRing ? [empty('tied', { type: 'let-ring' })] : []),
    ...tuplet,
    element('technical', [text('string', note.string), text('fret', note.fret)]),
  ]);
}

/** Brackets are a quarter long. */
function tupletMarks({ startTick, ticks, value }: ScoreBeat): string[] {
  if (!value.triplet) return [];
  const startsQuarter = startTick % TICKS_PER_QUARTER === 0;
  const endsQuarter = (startTick + ticks) % TICKS_PER_QUARTER === 0;
  return [
    ...(startsQuarter ? [empty('tuplet', { type: 'start' })] : []),
    ...(endsQuarter ? [empty('tuplet', { type: 'stop' })] : []),
  ];
}
