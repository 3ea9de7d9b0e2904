/** A plan as a band plays it: who plays which note when. */
import { createDice } from './dice.ts';
import type { Dice } from './dice.ts';
import { playBass } from './parts/bass.ts';
import { playComping, playPad } from './parts/comping.ts';
import { fillFrom, playDrums } from './parts/drums.ts';
import type { Note } from './parts/figure.ts';
import { playMelody, playPickUp } from './parts/melody.ts';
import { formOf } from './song-form.ts';
import type { Bar, PartName } from './song-form.ts';
import type { SongPlan } from './song-plan.ts';
import { tempoMapOf } from './tempo-map.ts';
import type { TempoMap } from './tempo-map.ts';

export interface TimedNote {
  readonly part: PartName;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly pitchMidi: number;
  readonly velocity: number;
}

export interface Channel {
  readonly part: PartName;
  /** From 0; percussion is 9. */
  readonly channel: number;
  /** General MIDI, from 0. */
  readonly program: number;
  /** MIDI controllers 7 and 10. */
  readonly volume: number;
  readonly pan: number;
}

export interface Arrangement {
  readonly plan: SongPlan;
  readonly bars: readonly Bar[];
  readonly pickUpBeats: number;
  readonly tempo: TempoMap;
  readonly channels: readonly Channel[];
  /** By start. */
  readonly notes: readonly TimedNote[];
}

const PAD_PROGRAMS = [48, 49, 50, 52, 16, 89, 91];
/** General MIDI's guitars. */
const STRUMMED = { from: 24, to: 31 };
const SHORTEST_SECONDS = 0.03;

export function arrange(plan: SongPlan): Arrangement {
  const dice = createDice(plan.seed, plan.number, 'arrange');
  const bars = formOf(plan);
  const channels = channelsOf(plan, dice);
  const comping = channels.find(({ part }) => part === 'comping')?.program ?? 0;
  const melodyMidi = dice.whole(67, 76);
  const pickUpBeats = plan.hasPickUp ? dice.whole(1, plan.beatsPerBar - 1) : 0;
  const notes = [
    ...playDrums(plan, bars, dice),
    ...playBass(plan, bars, dice),
    ...playComping(plan, bars, comping >= STRUMMED.from && comping <= STRUMMED.to, dice),
    ...playPad(bars, dice),
    ...playMelody(plan, bars, melodyMidi),
    ...pickUp(plan, pickUpBeats, melodyMidi, dice),
  ];
  const tempo = tempoMapOf(plan, bars.length * plan.beatsPerBar, pickUpBeats);
  return { plan, bars, pickUpBeats, tempo, channels, notes: perform(plan, notes, tempo, dice) };
}

function channelsOf(plan: SongPlan, dice: Dice): Channel[] {
  const { style } = plan;
  const lane = (part: PartName, channel: number, programs: readonly number[], low: number, high: number): Channel => ({
    part,
    channel,
    program: dice.pick(programs),
    volume: dice.whole(low, high),
    pan: part === 'bass' || part === 'drums' ? 64 : dice.whole(34, 94),
  });
  return [
    lane('bass', 0, style.bassPrograms, 88, 108),
    lane('comping', 1, style.compingPrograms, 74, 100),
    lane('pad', 2, PAD_PROGRAMS, 50, 72),
    lane('melody', 3, style.melodyPrograms, 80, 104),
    lane('drums', 9, style.kits, 84, 112),
  ];
}

/** A fill of the drums where nobody has played yet, or the tune's first notes. */
function pickUp(plan: SongPlan, beats: number, melodyMidi: number, dice: Dice): Note[] {
  if (beats === 0) return [];
  const byDrums = plan.style.drums.length > 0 && plan.introBars === 0 && dice.chance(0.5);
  return byDrums ? fillFrom(plan, -beats, 0, dice) : playPickUp(plan.key, beats, melodyMidi);
}

/** Hands are never quite on time; and a key that is struck again is let go first. */
function perform(plan: SongPlan, notes: readonly Note[], tempo: TempoMap, dice: Dice): TimedNote[] {
  const timed = notes.map(({ part, startBeat, endBeat, pitchMidi, velocity }): TimedNote => {
    const late = (normal(dice) * plan.looseMs) / 1000;
    const startSeconds = Math.max(0, tempo.secondsOf(startBeat) + late);
    const endSeconds = Math.max(tempo.secondsOf(endBeat) + late, startSeconds + SHORTEST_SECONDS);
    return { part, startSeconds, endSeconds, pitchMidi, velocity };
  });
  timed.sort((a, b) => a.startSeconds - b.startSeconds);
  const nextStart = new Map<string, number>();
  return timed
    .toReversed()
    .map((note) => {
      const key = `${note.part} ${String(note.pitchMidi)}`;
      const endSeconds = Math.min(note.endSeconds, nextStart.get(key) ?? Infinity);
      nextStart.set(key, note.startSeconds);
      return { ...note, endSeconds };
    })
    .toReversed();
}

/** Nearly normal, of deviation 1 and never beyond 3: the sum of three even choices (Irwin and Hall). */
function normal(dice: Dice): number {
  return dice.between(-1, 1) + dice.between(-1, 1) + dice.between(-1, 1);
}
