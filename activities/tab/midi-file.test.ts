import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseMidi, writeMidi } from 'midi-file';
import type { MidiEvent } from 'midi-file';
import { secondsAt } from './beat-grid.ts';
import { makeTab } from './make-tab.ts';
import { midiFile, MIDI_TICKS_PER_QUARTER } from './midi-file.ts';
import type { PlayedNote } from './tab-score.ts';
import { anyInstrument, anyNotes, anyRhythm, heard, steadyRhythm, TUNINGS } from './random-songs.test-kit.ts';

interface Timed {
  readonly tick: number;
  readonly event: MidiEvent;
}

function timed(events: readonly MidiEvent[]): Timed[] {
  let tick = 0;
  return events.map((event) => ({ tick: (tick += event.deltaTime), event }));
}

/** What a sequencer makes of the ticks. */
function clock(conductor: readonly Timed[]): (tick: number) => number {
  const tempos = conductor.flatMap(({ tick, event }) =>
    event.type === 'setTempo' ? [{ tick, microseconds: event.microsecondsPerBeat }] : [],
  );
  return (tick) =>
    tempos.reduce((seconds, tempo, index) => {
      const until = Math.min(tick, tempos[index + 1]?.tick ?? tick);
      return seconds + (Math.max(0, until - tempo.tick) * tempo.microseconds) / 1e6 / MIDI_TICKS_PER_QUARTER;
    }, 0);
}

function readNotes(bytes: Uint8Array): { channel: number; noteNumber: number; start: number; end: number }[] {
  const [conductor, player] = parseMidi(bytes).tracks.map(timed) as [Timed[], Timed[]];
  const seconds = clock(conductor);
  return player.flatMap(({ tick, event }, index) => {
    if (event.type !== 'noteOn') return [];
    const { channel, noteNumber } = event;
    const off = player
      .slice(index)
      .find(
        ({ event: later }) => later.type === 'noteOff' && later.channel === channel && later.noteNumber === noteNumber,
      );
    return [{ channel, noteNumber, start: seconds(tick), end: seconds(off?.tick as number) }];
  });
}

test('every note of any song is read again on its string, at its pitch, where the song has it', () => {
  fc.assert(
    fc.property(anyNotes(), anyRhythm(), anyInstrument(), (notes, rhythm, instrument) => {
      const { score } = makeTab({ title: 'Söng', notes, rhythm, instrument, level: 'full' });
      const read = readNotes(midiFile(score, { bends: false }));
      const wanted = score.played.map(({ string, pitchMidi, startTick, endTick }) => ({
        channel: string - 1,
        noteNumber: pitchMidi,
        start: secondsAt(score.grid, startTick),
        end: secondsAt(score.grid, endTick),
      }));
      assert.equal(read.length, wanted.length);
      for (const note of wanted) {
        const found = read.some(
          ({ channel, noteNumber, start, end }) =>
            channel === note.channel &&
            noteNumber === note.noteNumber &&
            Math.abs(start - note.start) < 0.002 &&
            Math.abs(end - note.end) < 0.002,
        );
        assert.ok(found, JSON.stringify(note));
      }
    }),
    { numRuns: 100 },
  );
});

test('a drifting song keeps its beats within a microsecond each', () => {
  const rhythm = {
    ...steadyRhythm(97, 100),
    beatsSeconds: Array.from({ length: 400 }, (_, beat) => 0.37 + beat * 0.6100004 + 0.02 * Math.sin(beat / 40)),
  };
  const drifting = { ...rhythm, downbeatsSeconds: rhythm.beatsSeconds.filter((_, beat) => beat % 4 === 0) };
  const instrument = { tuning: TUNINGS['standard'] as readonly number[], capo: 0, frets: 20 };
  const { score } = makeTab({ title: '', notes: [heard(1, 60)], rhythm: drifting, instrument, level: 'full' });
  const [conductor] = parseMidi(midiFile(score, { bends: false })).tracks.map(timed) as [Timed[]];
  const seconds = clock(conductor);
  for (const [beat, wanted] of drifting.beatsSeconds.entries()) {
    const found = seconds(MIDI_TICKS_PER_QUARTER * (beat + 1));
    assert.ok(Math.abs(found - wanted) < 2e-6, `beat ${beat}: ${found} for ${wanted}`);
  }
});

for (const [startSeconds, signatures] of [
  [0.005, ['4/4']],
  [0.03, ['4/4']],
  [0.15, ['4/4']],
  [0.24, ['4/4']],
  [0.3, ['1/4', '4/4']],
] as const) {
  test(`a song that begins ${startSeconds} s before its first beat has no tempo that nobody plays`, () => {
    const steady = steadyRhythm(120, 4);
    const rhythm = {
      ...steady,
      beatsSeconds: steady.beatsSeconds.map((beat) => beat + startSeconds),
      downbeatsSeconds: steady.downbeatsSeconds.map((beat) => beat + startSeconds),
    };
    const instrument = { tuning: TUNINGS['standard'] as readonly number[], capo: 0, frets: 20 };
    const notes = [heard(startSeconds, 60), heard(startSeconds + 1, 62)];
    const { score } = makeTab({ title: '', notes, rhythm, instrument, level: 'full' });
    const bytes = midiFile(score, { bends: false });
    const [conductor = []] = parseMidi(bytes).tracks;
    const bpms = conductor.flatMap((event) => (event.type === 'setTempo' ? [6e7 / event.microsecondsPerBeat] : []));
    assert.ok(Math.min(...bpms) > 75 && Math.max(...bpms) < 240, bpms.join(' '));
    assert.deepEqual(
      conductor.flatMap((event) => (event.type === 'timeSignature' ? [`${event.numerator}/${event.denominator}`] : [])),
      signatures,
    );
    for (const [index, { start }] of readNotes(bytes).entries()) {
      assert.ok(Math.abs(start - (startSeconds + index)) < 0.001, `${start}`);
    }
  });
}

test('no song has a tempo above 300 before its first beat, in quarters or in eighths', () => {
  fc.assert(
    fc.property(anyRhythm(), anyInstrument(), (rhythm, instrument) => {
      const { score } = makeTab({ title: '', notes: [heard(4, 60)], rhythm, instrument, level: 'full' });
      const [conductor = []] = parseMidi(midiFile(score, { bends: false })).tracks;
      const first = conductor.find(({ type }) => type === 'setTempo');
      assert.ok(first?.type === 'setTempo' && 6e7 / first.microsecondsPerBeat <= 300.001);
    }),
    { numRuns: 200 },
  );
});

test('a bend is on the channel of its string, and gone before the next note there', () => {
  const instrument = { tuning: TUNINGS['standard'] as readonly number[], capo: 0, frets: 20 };
  const bent = { ...heard(0, 64, 0.4), bendCents: Array.from({ length: 30 }, (_, index) => Math.min(100, index * 10)) };
  const notes = [bent, heard(0.5, 64, 0.4), heard(1, 40, 0.4)];
  const { score } = makeTab({ title: '', notes, rhythm: steadyRhythm(120, 2), instrument, level: 'full' });
  const [, player] = parseMidi(midiFile(score, { bends: true })).tracks.map(timed) as [Timed[], Timed[]];
  const bends = player.flatMap(({ tick, event }) => (event.type === 'pitchBend' ? [{ tick, ...event }] : []));
  const [first, second, third] = score.played as readonly [PlayedNote, PlayedNote, PlayedNote];
  const ofFirst = bends.filter(({ tick }) => tick < MIDI_TICKS_PER_QUARTER);
  assert.equal(Math.max(...ofFirst.map(({ value }) => value)), 4096, 'a semitone is half of the range');
  assert.deepEqual(
    ofFirst.map(({ channel }) => channel),
    ofFirst.map(() => first.string - 1),
  );
  assert.equal(second.string, first.string);
  assert.deepEqual(
    bends.slice(ofFirst.length).map(({ tick, channel, value }) => [tick, channel, value]),
    [
      [MIDI_TICKS_PER_QUARTER, second.string - 1, 0],
      [2 * MIDI_TICKS_PER_QUARTER, third.string - 1, 0],
    ],
  );
  for (const [index, { tick, event }] of player.entries()) {
    const bendAfter = player.slice(index).some((later) => later.tick === tick && later.event.type === 'pitchBend');
    assert.ok(event.type !== 'noteOn' || !bendAfter, 'a note never begins before its bend');
  }
  assert.ok(
    parseMidi(midiFile(score, { bends: false })).tracks.every((track) =>
      track.every(({ type }) => type !== 'pitchBend'),
    ),
  );
});

test('a song of any length is the file that the library writes in one go', () => {
  const instrument = { tuning: TUNINGS['standard'] as readonly number[], capo: 0, frets: 20 };
  const notes = Array.from({ length: 1200 }, (_, index) => heard(index / 4, 52 + (index % 12)));
  const { score } = makeTab({ title: '', notes, rhythm: steadyRhythm(120, 150), instrument, level: 'full' });
  const bytes = midiFile(score, { bends: true });
  const { header, tracks } = parseMidi(bytes);
  assert.equal(header.numTracks, 2);
  assert.equal(tracks[1]?.filter(({ type }) => type === 'noteOn').length, 1200);
  assert.equal(tracks[1]?.filter(({ type }) => type === 'noteOff').length, 1200);
  assert.deepEqual([...bytes], writeMidi({ header, tracks }));
});
