/**
 * A tab as a standard MIDI file that lies on the recording: its first tick is the song's first sample, and every beat has its own tempo. Each string has
 * a channel of its own, as guitars with MIDI pickups send them, so that strings ring over each other and bend alone.
 */
import type { MidiEvent } from 'midi-file';
import { isBassTuning } from '../../workflows/contract/tunings.ts';
import { secondsAt, tickAt } from './beat-grid.ts';
import type { BeatGrid } from './beat-grid.ts';
import { midiBytes } from './midi-bytes.ts';
import { keyFifths } from './spelling.ts';
import { BEND_STEP_SECONDS, TICKS_PER_QUARTER } from './tab-score.ts';
import type { PlayedNote, TabScore } from './tab-score.ts';

export const MIDI_TICKS_PER_QUARTER = 480;
/** In one of the score's ticks. */
const MIDI_TICKS = MIDI_TICKS_PER_QUARTER / TICKS_PER_QUARTER;

/** Of a beat: less than this before the first one is no beat of its own. */
const SHORTEST_LEAD = 0.5;
/** Sequencers take no tempo far above this. */
const FASTEST_LEAD_BPM = 300;
/** General MIDI, counted from 0. */
const STEEL_GUITAR = 25;
const FINGERED_BASS = 33;
const BEND_CENTS = 200;
const BEND_STEPS = 8192;
/** What nobody hears is not sent. */
const LEAST_BEND_CENTS = 5;

type Timed = MidiEvent & { readonly tick: number };

/** @param bends whether the bends that were heard are written; they are right for an instrument of two semitones' range, the usual one */
export function midiFile(score: TabScore, { bends }: { readonly bends: boolean }): Uint8Array {
  return midiBytes([track(conductor(score)), track(player(score, bends))], MIDI_TICKS_PER_QUARTER);
}

/** The song's beats as the file counts them: from the song's first sample. */
interface FileBeats extends BeatGrid {
  /** Beats before the grid's first one: 1 or 0. */
  readonly lead: 0 | 1;
}

/** What is before the first beat is a beat where it is about as long as one, and else part of the first beat. */
function fileBeats(grid: BeatGrid): FileBeats {
  const [first, second] = grid.beatsSeconds as readonly [number, number];
  const bpm = ((4 / grid.beatUnit) * 60) / first;
  const lead = first >= SHORTEST_LEAD * (second - first) && bpm <= FASTEST_LEAD_BPM ? 1 : 0;
  return { ...grid, lead, beatsSeconds: [0, ...grid.beatsSeconds.slice(1 - lead)] };
}

/** The MIDI tick of a moment in the song; swung eighths lie where they sound. */
function midiTick(beats: FileBeats, seconds: number): number {
  return Math.round(tickAt(beats, seconds) * MIDI_TICKS);
}

function conductor({ title, key, grid, bars }: TabScore): Timed[] {
  const beats = fileBeats(grid);
  const leadTicks = beats.lead * grid.ticksPerBeat;
  const events: Timed[] = [
    { tick: 0, deltaTime: 0, type: 'trackName', text: asciiText(title) },
    { tick: 0, deltaTime: 0, type: 'keySignature', key: keyFifths(key), scale: key?.mode === 'minor' ? 1 : 0 },
  ];
  if (leadTicks > 0) events.push(timeSignature(0, 1, grid.beatUnit));
  let last = '';
  const endTick = bars.reduce((_, { startTick, ticks }) => startTick + ticks, 0);
  // Those of the recording: silence before the first written bar is counted too.
  for (const { firstBeat, beats: count } of grid.bars) {
    const startTick = firstBeat * grid.ticksPerBeat;
    if (startTick >= endTick) break;
    const signature = `${count}/${grid.beatUnit}`;
    if (signature !== last) events.push(timeSignature((leadTicks + startTick) * MIDI_TICKS, count, grid.beatUnit));
    last = signature;
  }
  return [...events, ...tempos(beats)];
}

function timeSignature(tick: number, numerator: number, denominator: number): Timed {
  return { tick, deltaTime: 0, type: 'timeSignature', numerator, denominator, metronome: 24, thirtyseconds: 8 };
}

/** Whole microseconds a quarter, such that no beat is more than one of them away from where it was found. */
function tempos({ beatsSeconds, beatUnit, ticksPerBeat }: FileBeats): Timed[] {
  const events: Timed[] = [];
  const quarters = 4 / beatUnit;
  let written = 0;
  for (const [beat, seconds] of beatsSeconds.slice(1).entries()) {
    const microsecondsPerBeat = Math.round((seconds * 1e6 - written) / quarters);
    written += microsecondsPerBeat * quarters;
    if (tempoOf(events.at(-1)) === microsecondsPerBeat) continue;
    events.push({ tick: beat * ticksPerBeat * MIDI_TICKS, deltaTime: 0, type: 'setTempo', microsecondsPerBeat });
  }
  return events;
}

function tempoOf(event: Timed | undefined): number | null {
  return event?.type === 'setTempo' ? event.microsecondsPerBeat : null;
}

function player(score: TabScore, bends: boolean): Timed[] {
  const beats = fileBeats(score.grid);
  const channels = score.instrument.tuning.map((_, string) => string);
  const programNumber = isBassTuning(score.instrument.tuning) ? FINGERED_BASS : STEEL_GUITAR;
  return [
    { tick: 0, deltaTime: 0, type: 'trackName', text: 'Tab' },
    ...channels.map((channel): Timed => ({ tick: 0, deltaTime: 0, type: 'programChange', channel, programNumber })),
    ...score.played.flatMap((note) => noteEvents(note, score.grid, beats, bends)),
  ];
}

function noteEvents(note: PlayedNote, grid: BeatGrid, beats: FileBeats, bends: boolean): Timed[] {
  const channel = note.string - 1;
  const startSeconds = secondsAt(grid, note.startTick);
  const tick = midiTick(beats, startSeconds);
  const endTick = midiTick(beats, secondsAt(grid, note.endTick));
  const noteNumber = note.pitchMidi;
  const velocity = Math.max(1, Math.round(32 + 95 * Math.min(1, note.amplitude)));
  return [
    ...(bends ? bendEvents(note, startSeconds, endTick, channel, beats) : []),
    { tick, deltaTime: 0, type: 'noteOn', channel, noteNumber, velocity },
    { tick: endTick, deltaTime: 0, type: 'noteOff', channel, noteNumber, velocity: 0 },
  ];
}

/** Every note begins from an unbent string, unless it is bent from its start. */
function bendEvents(
  note: PlayedNote,
  startSeconds: number,
  endTick: number,
  channel: number,
  beats: FileBeats,
): Timed[] {
  const events: Timed[] = [];
  let lastCents = Number.POSITIVE_INFINITY;
  for (const [index, cents] of (note.bendCents ?? [0]).entries()) {
    const tick = midiTick(beats, startSeconds + index * BEND_STEP_SECONDS);
    if (tick >= endTick) break;
    if (Math.abs(cents - lastCents) < LEAST_BEND_CENTS) continue;
    const value = Math.round((cents / BEND_CENTS) * BEND_STEPS);
    events.push({
      tick,
      deltaTime: 0,
      type: 'pitchBend',
      channel,
      value: Math.max(-BEND_STEPS, Math.min(BEND_STEPS - 1, value)),
    });
    lastCents = cents;
  }
  return events;
}

/** What ends comes before what begins, and a bend before its note. */
const ORDER: Readonly<Record<string, number>> = { noteOff: 0, pitchBend: 1, noteOn: 2 };

function track(events: readonly Timed[]): MidiEvent[] {
  const sorted = [...events].sort((a, b) => a.tick - b.tick || (ORDER[a.type] ?? 0) - (ORDER[b.type] ?? 0));
  let last = 0;
  const timed = sorted.map(({ tick, ...event }) => {
    const deltaTime = tick - last;
    last = tick;
    return { ...event, deltaTime };
  });
  return [...timed, { deltaTime: 0, type: 'endOfTrack' }];
}

/** Names in MIDI files are bytes without an encoding. */
function asciiText(text: string): string {
  return text.normalize('NFKD').replaceAll(/[^\x20-\x7e]/gu, '');
}
