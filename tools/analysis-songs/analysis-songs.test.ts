import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrange } from './arrange.ts';
import type { Arrangement } from './arrange.ts';
import { bassPitchClass, pitchClassesOf } from './chord.ts';
import { midiFileOf } from './midi-file.ts';
import { planSong } from './song-plan.ts';
import { STYLES } from './styles.ts';
import { truthOf } from './truth.ts';

const SEED = 11;
const COUNT = 48;
const songs = Array.from({ length: COUNT }, (_, number) => arrange(planSong(SEED, number)));
console.log(`seed ${String(SEED)}`);

/** How far a hand strays, strums included. */
const LOOSE_SECONDS = 0.1;

function eachSong(check: (song: Arrangement, name: string) => void): void {
  for (const song of songs) check(song, `song ${String(song.plan.number)}, ${song.plan.style.name}`);
}

test('a seed and a number give the same bytes again, other ones others', () => {
  const bytes = songs.map((song) => midiFileOf(song).toString('hex'));
  assert.deepEqual(
    bytes,
    songs.map((_, number) => midiFileOf(arrange(planSong(SEED, number))).toString('hex')),
  );
  const others = songs.map((_, number) => midiFileOf(arrange(planSong(SEED + 1, number))).toString('hex'));
  assert.equal(new Set([...bytes, ...others]).size, 2 * COUNT);
});

test('beats rise from the first sound on, a bar has as many as its metre says, and their median is the tempo', () => {
  eachSong((song, name) => {
    const { beats, downbeats, meter, bpm } = truthOf(song, 'x');
    const first = beats.indexOf(downbeats[0] ?? -1);
    assert.equal(beats[0]?.toFixed(5), song.plan.leadInSeconds.toFixed(5), name);
    assert.deepEqual(
      downbeats,
      beats.filter((_, index) => index >= first && (index - first) % meter === 0),
      name,
    );
    const gaps = beats.slice(1).map((beat, index) => beat - (beats[index] ?? 0));
    assert.ok(
      gaps.every((gap) => gap > 60 / 215 && gap < 60 / 52),
      name,
    );
    const middle = gaps.toSorted((a, b) => a - b)[gaps.length >> 1] ?? 0;
    assert.ok(Math.abs(60 / middle - bpm) < 0.02 * bpm, name);
  });
});

test('chords tile the song from the first downbeat and change on beats', () => {
  eachSong((song, name) => {
    const { beats, downbeats, chords } = truthOf(song, 'x');
    assert.equal(chords[0]?.start, downbeats[0], name);
    chords.forEach(({ start, end }, index) => {
      assert.ok(beats.includes(start), name);
      assert.ok(end > start, name);
      assert.equal(chords[index + 1]?.start ?? end, end, name);
    });
  });
});

test('the hand plays the chord of the moment, and the bass its lowest note first', () => {
  eachSong(({ notes, bars, tempo }, name) => {
    let firsts = 0;
    for (const { chord, startBeat, endBeat } of bars.flatMap(({ chords }) => chords)) {
      const [from, to] = [tempo.secondsOf(startBeat), tempo.secondsOf(endBeat)];
      for (const note of notes) {
        const within = note.startSeconds > from + LOOSE_SECONDS && note.endSeconds < to;
        if (!within || (note.part !== 'comping' && note.part !== 'pad')) continue;
        assert.ok(pitchClassesOf(chord).includes(note.pitchMidi % 12), name);
      }
      const first = notes.find(
        ({ part, startSeconds }) => part === 'bass' && Math.abs(startSeconds - from) < LOOSE_SECONDS / 2,
      );
      if (first === undefined) continue;
      firsts += 1;
      assert.equal(first.pitchMidi % 12, bassPitchClass(chord), name);
    }
    const hasBass = notes.some(({ part }) => part === 'bass');
    assert.equal(firsts > 0, hasBass, name);
  });
});

test('the drums strike on downbeats', () => {
  eachSong(({ plan, notes, bars, tempo }, name) => {
    const strokes = notes.filter(({ part }) => part === 'drums').map(({ startSeconds }) => startSeconds);
    const struck = bars.filter(
      ({ players, startBeat, hasFill }) =>
        players.has('drums') &&
        !hasFill &&
        strokes.some((stroke) => Math.abs(stroke - tempo.secondsOf(startBeat)) < LOOSE_SECONDS / 2),
    );
    const wanted = bars.filter(({ players, hasFill }) => players.has('drums') && !hasFill);
    assert.equal(struck.length, wanted.length, name);
    assert.equal(plan.style.drums.length > 0, strokes.length > 0, name);
  });
});

test('48 songs have every key twice, both metres and slow and fast tempos, with and without drums, swing and drift', () => {
  const keys = songs.map(({ plan: { key } }) => `${String(key.tonicPitchClass)} ${key.mode}`);
  assert.equal(new Set(keys).size, 24);
  assert.ok(keys.every((key) => keys.filter((other) => other === key).length === 2));
  const tempos = songs.map(({ plan }) => plan.tempoBpm);
  for (let from = 60; from < 190; from += 26) assert.ok(tempos.some((bpm) => bpm >= from && bpm <= from + 26));
  const share = (isSo: (song: Arrangement) => boolean): number => songs.filter(isSo).length / COUNT;
  for (const some of [
    share(({ plan }) => plan.beatsPerBar === 3),
    share(({ plan }) => plan.swing > 0.5),
    share(({ plan }) => plan.style.drums.length === 0),
    share(({ plan }) => plan.drift.ramp !== 0 || plan.drift.wave !== 0),
    share(({ plan }) => plan.tuningCents !== 0),
  ]) {
    assert.ok(some > 0.06 && some < 0.6, String(some));
  }
});

test('a MIDI file holds every note at its millisecond', () => {
  eachSong((song, name) => {
    const channels = new Map(song.channels.map(({ part, channel }) => [part, channel]));
    const wanted = song.notes
      .filter(({ startSeconds, endSeconds }) => Math.round(endSeconds * 1000) > Math.round(startSeconds * 1000))
      .map(({ part, startSeconds, pitchMidi }) =>
        [Math.round(startSeconds * 1000), channels.get(part), pitchMidi].join(' '),
      );
    assert.deepEqual(notesOf(midiFileOf(song)).sort(), wanted.sort(), name);
  });
});

test('every figure fits its bar', () => {
  for (const { name, beatsPerBar, drums, bass, comping } of STYLES) {
    for (const figure of [...bass, ...comping, ...drums.flatMap((groove) => Object.values(groove))]) {
      assert.equal(figure.length % beatsPerBar, 0, `${name}: ${figure}`);
    }
    for (const figure of bass) assert.match(figure, /^[R358a.-]+$/u, name);
    for (const figure of comping) assert.match(figure, /^[xo0-3.-]+$/u, name);
    for (const figure of drums.flatMap((groove) => Object.values(groove))) assert.match(figure, /^[Xxo.]+$/u, name);
  }
});

/** `tick channel pitch` of every note that begins; only what our files hold is read. */
function notesOf(file: Buffer): string[] {
  assert.equal(file.toString('latin1', 0, 4) + file.toString('latin1', 14, 18), 'MThdMTrk');
  assert.equal(file.readUInt32BE(18), file.length - 22);
  const notes: string[] = [];
  let [at, tick] = [22, 0];
  while (at < file.length) {
    let delta = 0;
    for (let more = true; more; at += 1) {
      const byte = file.readUInt8(at);
      delta = (delta << 7) | (byte & 0x7f);
      more = byte >= 0x80;
    }
    tick += delta;
    const status = file.readUInt8(at);
    if (status >> 4 === 9) notes.push([tick, status & 15, file.readUInt8(at + 1)].join(' '));
    at += status === 0xff ? 3 + file.readUInt8(at + 2) : status >> 4 === 0xc ? 2 : 3;
  }
  return notes;
}

test('players of mixed bands keep to their bars, and to no style', () => {
  const mixed = songs.map((_, number) => planSong(SEED, number, 'mixed'));
  const figuresOf = ({ style }: (typeof mixed)[number]): string[] =>
    [style.bass, style.comping, ...style.drums.map((groove) => Object.values(groove))].flat();
  for (const plan of mixed)
    for (const figure of figuresOf(plan)) assert.equal(figure.length % plan.beatsPerBar, 0, figure);
  assert.ok(new Set(mixed.map((plan) => figuresOf(plan).join())).size > 0.8 * COUNT);
  const bands = new Set(mixed.map(({ style }) => style.name));
  assert.equal(bands.size, 5, [...bands].join());
  mixed.forEach((plan) => {
    const { notes } = arrange(plan);
    assert.equal(
      notes.some(({ part }) => part === 'drums'),
      plan.style.drums.length > 0,
    );
  });
});
