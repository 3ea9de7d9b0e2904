/** A tab in alphaTab's model, from which its exporters and its renderer work. */
import { isBassTuning } from '../../workflows/contract/tunings.ts';
import { model } from '@coderline/alphatab';
import type { Settings } from '@coderline/alphatab';
import { secondsAt } from './beat-grid.ts';
import { shapeName } from './chord-shapes.ts';
import { keyFifths } from './spelling.ts';
import { TICKS_PER_QUARTER } from './tab-score.ts';
import type { NoteValue, ScoreBar, ScoreBeat, ScoreNote, TabScore } from './tab-score.ts';

/** General MIDI, counted from 0. */
const STEEL_GUITAR = 25;
const FINGERED_BASS = 33;
/** The number by which alphaTab knows that a tempo counts quarters. */
export const QUARTERS = 2;

const DURATIONS: Readonly<Record<NoteValue['denominator'], model.Duration>> = {
  1: model.Duration.Whole,
  2: model.Duration.Half,
  4: model.Duration.Quarter,
  8: model.Duration.Eighth,
  16: model.Duration.Sixteenth,
};

/** From seven flats to seven sharps. */
const KEY_SIGNATURES = [
  model.KeySignature.Cb,
  model.KeySignature.Gb,
  model.KeySignature.Db,
  model.KeySignature.Ab,
  model.KeySignature.Eb,
  model.KeySignature.Bb,
  model.KeySignature.F,
  model.KeySignature.C,
  model.KeySignature.G,
  model.KeySignature.D,
  model.KeySignature.A,
  model.KeySignature.E,
  model.KeySignature.B,
  model.KeySignature.FSharp,
  model.KeySignature.CSharp,
];
const MOST_FLATS = 7;

export function alphaTabScore(score: TabScore, settings: Settings): model.Score {
  const written = new model.Score();
  written.title = score.title;
  const track = new model.Track();
  const bass = isBassTuning(score.instrument.tuning);
  track.name = bass ? 'Bass' : 'Guitar';
  track.playbackInfo.program = bass ? FINGERED_BASS : STEEL_GUITAR;
  track.ensureStaveCount(1);
  const staff = track.staves[0] as model.Staff;
  staff.showStandardNotation = false;
  staff.showTablature = true;
  staff.capo = score.instrument.capo;
  staff.displayTranspositionPitch = -12;
  staff.stringTuning = new model.Tuning('', score.instrument.tuning.toReversed(), false);
  written.addTrack(track);
  for (const [index, bar] of score.bars.entries()) {
    written.addMasterBar(masterBar(score, bar, index));
    staff.addBar(tabBar(score, bar, staff));
  }
  written.finish(settings);
  return written;
}

function masterBar(score: TabScore, { beatsPerBar, beatUnit, pickup }: ScoreBar, index: number): model.MasterBar {
  const bar = new model.MasterBar();
  bar.timeSignatureNumerator = beatsPerBar;
  bar.timeSignatureDenominator = beatUnit;
  bar.isAnacrusis = pickup;
  bar.tripletFeel = score.grid.swing > 0.5 ? model.TripletFeel.Triplet8th : model.TripletFeel.NoTripletFeel;
  const bpm = tempoOf(score, index);
  const isShown = index === 0 && score.tempoBpm !== null;
  // The drift of a song is for playback; a reader sees its first tempo.
  if (index === 0 || bpm !== tempoOf(score, index - 1)) {
    bar.tempoAutomations.push(model.Automation.buildTempoAutomation(false, 0, bpm, QUARTERS, isShown));
  }
  return bar;
}

/** Of a bar, in quarters a minute, to a thousandth. */
function tempoOf({ grid, bars }: TabScore, index: number): number {
  const { startTick, ticks } = bars[index] as ScoreBar;
  const seconds = secondsAt(grid, startTick + ticks) - secondsAt(grid, startTick);
  return Math.round((ticks / TICKS_PER_QUARTER / seconds) * 60 * 1000) / 1000;
}

function tabBar(score: TabScore, { beats }: ScoreBar, staff: model.Staff): model.Bar {
  const bar = new model.Bar();
  bar.clef = isBassTuning(score.instrument.tuning) ? model.Clef.F4 : model.Clef.G2;
  bar.keySignature = KEY_SIGNATURES[keyFifths(score.key) + MOST_FLATS] as model.KeySignature;
  bar.keySignatureType = score.key?.mode === 'minor' ? model.KeySignatureType.Minor : model.KeySignatureType.Major;
  const voice = new model.Voice();
  bar.addVoice(voice);
  for (const beat of beats) voice.addBeat(tabBeat(score, beat, staff));
  return bar;
}

function tabBeat(score: TabScore, { value, notes, chord }: ScoreBeat, staff: model.Staff): model.Beat {
  const beat = new model.Beat();
  beat.duration = DURATIONS[value.denominator];
  beat.dots = value.dots;
  if (value.triplet) {
    beat.tupletNumerator = 3;
    beat.tupletDenominator = 2;
  }
  beat.isEmpty = false;
  for (const note of notes) beat.addNote(tabNote(note, staff));
  if (chord !== null) {
    const name = shapeName(chord, score);
    if (!staff.hasChord(name)) staff.addChord(name, namedChord(name, staff));
    beat.chordId = name;
  }
  return beat;
}

function tabNote({ string, fret, tied, letRing }: ScoreNote, staff: model.Staff): model.Note {
  const note = new model.Note();
  // alphaTab counts strings from the lowest.
  note.string = staff.stringTuning.tunings.length + 1 - string;
  note.fret = fret;
  note.isTieDestination = tied;
  note.isLetRing = letRing;
  return note;
}

/** A name alone: the fingers are in the tab. */
function namedChord(name: string, staff: model.Staff): model.Chord {
  const chord = new model.Chord();
  chord.name = name;
  chord.showDiagram = false;
  chord.showFingering = false;
  chord.strings = staff.stringTuning.tunings.map(() => -1);
  return chord;
}
