/**
 * Brings segments before the play head reaches them: what is needed first in small pieces, what comes later in larger ones. The browser
 * decodes; nothing of it is kept here, as the audio thread has it then.
 */
import type { Loop, ToWorklet } from './messages.ts';
import { wholeSamples } from './whole-samples.ts';
import type { Player, PlayerStem } from './player-data.ts';

export type LoadTrouble = 'slow' | 'gone';

export interface SegmentLoader {
  /** Where the play head is: called often. */
  follow(position: number, loop: Loop | null): void;
  /** Everything again, for another audio thread. */
  restart(): void;
  stop(): void;
}

export interface SegmentLoaderOptions {
  readonly player: Player;
  readonly post: (message: ToWorklet, transfer: Transferable[]) => void;
  /** Null when all is well again. */
  readonly onTrouble: (trouble: LoadTrouble | null) => void;
  /** One more is with the audio thread. */
  readonly onSegment?: (() => void) | undefined;
}

const AHEAD_SECONDS = 40;
const BEHIND_SECONDS = 8;
/** Browsers open six connections to one server; one is for what the server tells by itself. */
const AT_ONCE = 5;
const SEGMENTS_AT_ONCE = 4;
/** Of decoded sound. */
const MOST_BYTES = 192 * 1024 * 1024;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

export function createSegmentLoader({ player, post, onTrouble, onSegment }: SegmentLoaderOptions): SegmentLoader {
  const { stems, samples, segmentSamples, channels, rateHz } = player;
  const segments = Math.ceil(samples / segmentSamples);
  const mostSegments = Math.floor(MOST_BYTES / (stems.length * channels * segmentSamples * 2));
  const aheadSegments = Math.ceil((AHEAD_SECONDS * rateHz) / segmentSamples);
  const behindSegments = Math.ceil((BEHIND_SECONDS * rateHz) / segmentSamples);
  const decoder = new OfflineAudioContext(channels, 1, rateHz);
  let states = emptyStates();
  let head = 0;
  let loop: Loop | null = null;
  let underWay = 0;
  let waitMs = 0;
  /** In a row. */
  let failures = 0;
  let generation = 0;
  let isStopped = false;

  function emptyStates(): Map<number, 'loading' | 'here'>[] {
    return stems.map(() => new Map());
  }

  /** In the order in which they will be heard. */
  function wanted(): number[] {
    const inOrder: number[] = [];
    const first = loop === null ? null : Math.max(0, Math.floor((loop.from - segmentSamples / 8) / segmentSamples));
    const last = loop === null ? null : Math.floor((loop.to - 1) / segmentSamples);
    for (let index = head; index < segments && inOrder.length < aheadSegments; index++) {
      inOrder.push(index);
      if (index === last && first !== null) {
        for (let again = first; again <= last && inOrder.length < aheadSegments; again++) inOrder.push(again);
        break;
      }
    }
    for (let index = head - 1; index >= Math.max(0, head - behindSegments); index--) inOrder.push(index);
    return inOrder;
  }

  function pump(): void {
    if (isStopped || waitMs > 0) return;
    for (const index of wanted()) {
      for (const [stem, state] of states.entries()) {
        if (underWay >= AT_ONCE) return;
        if (state.has(index)) continue;
        let count = 1;
        const most = index === head ? 1 : SEGMENTS_AT_ONCE;
        while (count < most && index + count < segments && !state.has(index + count)) count += 1;
        void load(stem, index, count);
      }
    }
  }

  async function load(stem: number, first: number, count: number): Promise<void> {
    const mine = generation;
    const state = states[stem];
    if (state === undefined) return;
    for (let index = first; index < first + count; index++) state.set(index, 'loading');
    underWay += 1;
    try {
      const bytes = await fetchPart(stems[stem] as PlayerStem, first, count);
      const { offsets } = stems[stem] as PlayerStem;
      for (let index = first; index < first + count; index++) {
        const from = (offsets[index] as number) - (offsets[first] as number);
        const to = (offsets[index + 1] as number) - (offsets[first] as number);
        const decoded = await decode(bytes.slice(from, to), index);
        if (mine !== generation || isStopped) return;
        post(
          { kind: 'segment', stem, index, channels: decoded },
          decoded.map(({ buffer }) => buffer),
        );
        state.set(index, 'here');
        onSegment?.();
      }
      onTrouble(null);
      waitMs = 0;
    } catch (error) {
      for (let index = first; index < first + count; index++) if (state.get(index) === 'loading') state.delete(index);
      if (mine === generation) comeBack(error);
    } finally {
      underWay -= 1;
      if (mine === generation) {
        forget();
        pump();
      }
    }
  }

  function comeBack(error: unknown): void {
    if (error instanceof GoneError) {
      isStopped = true;
      onTrouble('gone');
      return;
    }
    onTrouble('slow');
    if (waitMs > 0) return;
    waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(8, failures));
    failures += 1;
    setTimeout(() => {
      waitMs = 0;
      pump();
    }, waitMs);
  }

  async function decode(bytes: ArrayBuffer, index: number): Promise<Int16Array<ArrayBuffer>[]> {
    const sound = await decoder.decodeAudioData(bytes);
    failures = 0;
    const length = Math.min(segmentSamples, samples - index * segmentSamples);
    return Array.from({ length: channels }, (_, channel) =>
      wholeSamples(sound.getChannelData(Math.min(channel, sound.numberOfChannels - 1)), length),
    );
  }

  /** What is farthest from the play head goes first, and nothing that will be heard soon. */
  function forget(): void {
    const needed = new Set(wanted());
    const here = [...new Set(states.flatMap((state) => [...state.keys()]))];
    const spare = here.filter((index) => !needed.has(index)).sort((a, b) => Math.abs(b - head) - Math.abs(a - head));
    for (const index of spare.slice(0, Math.max(0, here.length - mostSegments))) {
      if (states.some((state) => state.get(index) === 'loading')) continue;
      for (const state of states) state.delete(index);
      post({ kind: 'drop', index }, []);
    }
  }

  return {
    follow(position, nextLoop) {
      head = Math.max(0, Math.min(segments - 1, Math.floor(position / segmentSamples)));
      loop = nextLoop;
      pump();
    },
    restart() {
      generation += 1;
      states = emptyStates();
      pump();
    },
    stop() {
      isStopped = true;
    },
  };
}

/** It is not kept any more, or may not be heard any more: trying again is of no use. */
class GoneError extends Error {}

async function fetchPart({ audio, offsets }: PlayerStem, first: number, count: number): Promise<ArrayBuffer> {
  const [from, to] = [offsets[first] as number, offsets[first + count] as number];
  const answer = await fetch(audio, { headers: { Range: `bytes=${String(from)}-${String(to - 1)}` } });
  if ([401, 403, 404, 410].includes(answer.status)) throw new GoneError();
  if (!answer.ok) throw new Error(`${String(answer.status)} for a segment`);
  const bytes = await answer.arrayBuffer();
  return answer.status === 206 ? bytes : bytes.slice(from, to);
}
