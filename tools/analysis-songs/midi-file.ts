/** A standard MIDI file of format 0. One tick is a millisecond: a tempo map's rounding would move the beats from where the truth says they are. */
import type { Arrangement, Channel } from './arrange.ts';

const TICKS_PER_QUARTER = 1000;
const MICROSECONDS_PER_QUARTER = 1_000_000;
const BEND_CENTER = 8192;
/** A bend of all 8192 steps is a whole tone. */
const BEND_CENTS = 200;
/** Tones ring on before the file ends. */
const TAIL_SECONDS = 1.5;

interface Event {
  readonly tick: number;
  readonly bytes: readonly number[];
}

export function midiFileOf({ plan, channels, notes }: Arrangement): Buffer {
  const channelOf = new Map(channels.map((channel) => [channel.part, channel.channel]));
  const offs: Event[] = [];
  const ons: Event[] = [];
  let lastTick = 0;
  for (const { part, startSeconds, endSeconds, pitchMidi, velocity } of notes) {
    const channel = channelOf.get(part) ?? 0;
    const [start, end] = [tickOf(startSeconds), tickOf(endSeconds)];
    if (end <= start) continue; // struck twice at once
    ons.push({ tick: start, bytes: [0x90 | channel, pitchMidi, Math.min(127, Math.max(1, velocity))] });
    offs.push({ tick: end, bytes: [0x80 | channel, pitchMidi, 0] });
    lastTick = Math.max(lastTick, end);
  }
  // Sorting keeps the order of equals: what ends comes before what begins.
  const played = [...offs, ...ons].sort((a, b) => a.tick - b.tick);
  const end = { tick: lastTick + TAIL_SECONDS * 1000, bytes: [0xff, 0x2f, 0] };
  const tempo = [0xff, 0x51, 3, ...bytesOf(MICROSECONDS_PER_QUARTER, 3)];
  const start = [tempo, ...channels.flatMap((channel) => setUp(channel, plan.tuningCents))];
  const track = trackOf([...start.map((bytes) => ({ tick: 0, bytes })), ...played, end]);
  const header = [...bytesOf(6, 4), ...bytesOf(0, 2), ...bytesOf(1, 2), ...bytesOf(TICKS_PER_QUARTER, 2)];
  return Buffer.concat([
    Buffer.from('MThd'),
    Buffer.from(header),
    Buffer.from('MTrk'),
    Buffer.from(bytesOf(track.length, 4)),
    Buffer.from(track),
  ]);
}

function tickOf(seconds: number): number {
  return Math.round(seconds * 1000);
}

/** Program, volume, place, and the whole band's tuning by bending every channel that has a pitch. */
function setUp({ part, channel, program, volume, pan }: Channel, tuningCents: number): number[][] {
  const bend = BEND_CENTER + Math.round((tuningCents * BEND_CENTER) / BEND_CENTS);
  const steps = [
    [0xc0 | channel, program],
    [0xb0 | channel, 7, volume],
    [0xb0 | channel, 10, pan],
  ];
  return part === 'drums' ? steps : [...steps, [0xe0 | channel, bend & 0x7f, bend >> 7]];
}

function trackOf(events: readonly Event[]): number[] {
  let before = 0;
  return events.flatMap(({ tick, bytes }) => {
    const delta = tick - before;
    before = tick;
    return [...variableLength(delta), ...bytes];
  });
}

function variableLength(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}

/** Big-endian. */
function bytesOf(value: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => (value >> (8 * (count - 1 - index))) & 0xff);
}
