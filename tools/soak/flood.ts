/** One musician floods the house; what becomes of the others, who send one song each? */
import { restFor, untilTurn } from './moments.ts';
import type { ScaleName } from './scales.ts';
import type { Played, ScenarioOf, Stage } from './scenario.ts';
import { sendSong } from './traffic.ts';
import type { SentSong, SoakSurface } from './traffic.ts';

interface FloodScale {
  readonly floodSongs: number;
  /** One song each, once in an empty house and once more in the flood. */
  readonly others: number;
  readonly limitMinutes: number;
}

const SCALES: Readonly<Record<ScaleName, FloodScale>> = {
  smoke: { floodSongs: 10, others: 2, limitMinutes: 5 },
  ci: { floodSongs: 300, others: 20, limitMinutes: 10 },
  soak: { floodSongs: 3000, others: 200, limitMinutes: 120 },
};
const FLOODER = 0;
/** Nobody measures the first songs of a house. */
const WARM_UP_SONGS = 3;
/** Between two of the others, on average; far more than a song takes that nobody is in the way of. */
const MEAN_GAP_MS = 2000;
/** Songs that the flooder hands over at the same time. */
const HANDS = 20;
const MOST_TIMES_UNLOADED = 2;
const PERCENTILE = 0.95;

export const flood: ScenarioOf = (name) => {
  const scale = SCALES[name];
  return {
    limitMinutes: scale.limitMinutes,
    platform: 'discord',
    crowd: 1 + scale.others,
    faults: false,
    play: async (stage) => await play(stage, scale),
  };
};

async function play(stage: Stage, { floodSongs, others }: FloodScale): Promise<Played> {
  const { signal, tell, random } = stage;
  const house = handOver(stage);
  const gapsMs = Array.from({ length: others }, () => random() * 2 * MEAN_GAP_MS);

  for (let song = 0; song < WARM_UP_SONGS; song += 1) await house.untilResult(await house.send(FLOODER));
  const unloadedWaitP95Ms = percentile(await house.oneEach(gapsMs));
  tell(`alone, the others wait ${String(unloadedWaitP95Ms)} ms`);

  let left = floodSongs;
  const flooding: Promise<SentSong>[] = [];
  const hand = async (): Promise<void> => {
    while (left > 0 && !signal.aborted) {
      left -= 1;
      const sending = house.send(FLOODER);
      flooding.push(sending);
      await sending;
    }
  };
  await Promise.all(Array.from({ length: HANDS }, hand));
  const sent = await Promise.all(flooding);
  tell(`${String(sent.length)} songs of one musician were taken, ${String(house.waiting(sent))} are waited for`);
  const floodWaitP95Ms = percentile(await house.oneEach(gapsMs));
  const floodLeft = house.waiting(sent);
  tell(`in the flood, the others wait ${String(floodWaitP95Ms)} ms; ${String(floodLeft)} songs are still waited for`);
  await untilTurn(() => (house.waiting(sent) === 0 ? true : null), signal);

  const mostMs = MOST_TIMES_UNLOADED * unloadedWaitP95Ms;
  return {
    sent: house.sent,
    orphans: [],
    figures: { kills: 0, floodSongs, others, floodWaitP95Ms, unloadedWaitP95Ms, floodLeft },
    unmet: [
      ...(floodWaitP95Ms > mostMs
        ? [`others wait ${String(floodWaitP95Ms)} ms, at most ${String(mostMs)} are fair`]
        : []),
      ...(floodLeft === 0 ? ['the flood was over before the others were: nothing was measured'] : []),
    ],
  };
}

interface HandOver {
  /** All, in the order in which they were taken. */
  readonly sent: readonly SentSong[];
  send(member: number): Promise<SentSong>;
  untilResult(song: SentSong): Promise<void>;
  /** How many of them have no result yet. */
  waiting(songs: readonly SentSong[]): number;
  /** One song of each of the others, one after the other with these gaps between; milliseconds from a song to its result. */
  oneEach(gapsMs: readonly number[]): Promise<readonly number[]>;
}

function handOver({ surfaces, seed, results, signal }: Stage): HandOver {
  const [surface] = surfaces as readonly [SoakSurface];
  const sent: SentSong[] = [];
  let number = 0;

  async function send(member: number): Promise<SentSong> {
    number += 1;
    const song = await sendSong(surface, number, seed * 1_000_003, signal, member);
    sent.push(song);
    return song;
  }

  async function untilResult({ title }: SentSong): Promise<void> {
    await untilTurn(() => (results.has(title) ? true : null), signal);
  }

  async function wait(member: number): Promise<number> {
    const sentAtMs = Date.now();
    const song = await send(member);
    await untilResult(song);
    return Math.round((results.get(song.title) ?? Date.now()) - sentAtMs);
  }

  return {
    sent,
    send,
    untilResult,
    waiting: (songs) => songs.filter(({ title }) => !results.has(title)).length,
    async oneEach(gapsMs) {
      const waits: Promise<number>[] = [];
      for (const [index, gapMs] of gapsMs.entries()) {
        waits.push(wait(FLOODER + 1 + index));
        await restFor(gapMs, signal);
      }
      return await Promise.all(waits);
    },
  };
}

/** Nearest rank. */
function percentile(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(PERCENTILE * values.length) - 1] ?? 0;
}
