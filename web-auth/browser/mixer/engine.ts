/** The engine as the page sees it: an audio context whose one node plays all stems, and where in the song the listener is. */
import type { ClickTrack, EngineState, Loop, PackShape, ToWorklet } from './messages.ts';
import type { Player } from './player-data.ts';
import { createSegmentLoader } from './segment-loader.ts';
import type { LoadTrouble } from './segment-loader.ts';

export interface Engine {
  /** @throws Error where the browser gives no sound */
  play(): Promise<void>;
  pause(): void;
  seek(position: number): void;
  setLoop(loop: Loop | null): void;
  setGains(gains: readonly number[]): void;
  /** Loads the stretcher when it is first needed. */
  setStretch(stretch: Stretch): Promise<void>;
  setClick(click: ClickTrack): void;
  /** Begins to load what would be played first. */
  prepare(): void;
  /** What reaches the ear now, in samples of the recording. */
  heard(): number;
  readonly state: EngineState;
}

export interface Stretch {
  readonly rate: number;
  readonly semitones: number;
}

export interface EngineOptions {
  readonly player: Player;
  readonly onState: (state: EngineState) => void;
  readonly onTrouble: (trouble: LoadTrouble | null) => void;
  /** One more segment of a stem can be played. */
  readonly onSegment?: () => void;
  /** Where it plays; a context of its own by default. Tests listen to another. */
  readonly openContext?: () => BaseAudioContext;
}

/** What a page asks of an engine is kept, so that another audio context can go on where one was lost. */
interface Wishes {
  gains: readonly number[];
  loop: Loop | null;
  stretch: Stretch;
  click: ClickTrack;
}

/** A context that does not wake up within this time after a sleep never does. */
const WAKE_LIMIT_MS = 2000;

export function createEngine({ player, onState, onTrouble, onSegment, openContext }: EngineOptions): Engine {
  const { rateHz, stems } = player;
  const open = openContext ?? (() => new AudioContext({ sampleRate: rateHz, latencyHint: 'playback' }));
  const wishes: Wishes = {
    gains: stems.map(() => 1),
    loop: null,
    stretch: { rate: 1, semitones: 0 },
    click: { beats: [], isFirst: [], gain: 1 },
  };
  const waiting: { readonly message: ToWorklet; readonly transfer: Transferable[] }[] = [];
  let opened: Promise<Opened> | null = null;
  let node: AudioWorkletNode | null = null;
  let context: BaseAudioContext | null = null;
  /** To this node. */
  let seeks = 0;
  let state: EngineState = {
    time: 0,
    position: 0,
    seeks: 0,
    rate: 1,
    isPlaying: false,
    isStarved: false,
    isStretched: false,
    peaks: [],
  };

  function post(message: ToWorklet, transfer: Transferable[] = []): void {
    if (node === null) waiting.push({ message, transfer });
    else {
      if (message.kind === 'seek') seeks += 1;
      node.port.postMessage(message, transfer);
    }
  }

  const loader = createSegmentLoader({ player, post, onTrouble, onSegment });

  async function start(): Promise<Opened> {
    const made = open();
    const fresh = await openNode(made, player);
    fresh.port.addEventListener('message', ({ data }: MessageEvent<EngineState>) => {
      if (node !== fresh || data.seeks !== seeks) return;
      state = data;
      loader.follow(state.position, wishes.loop);
      onState(state);
    });
    fresh.port.start();
    context = made;
    node = fresh;
    seeks = 0;
    for (const { message, transfer } of waiting.splice(0)) post(message, transfer);
    post({ kind: 'gains', gains: wishes.gains });
    post({ kind: 'loop', loop: wishes.loop });
    post({ kind: 'click', click: wishes.click });
    post({ kind: 'seek', position: state.position });
    if (isStretched(wishes.stretch)) await stretch(made, wishes.stretch);
    return { context: made };
  }

  async function stretch(made: BaseAudioContext, wish: Stretch): Promise<void> {
    if (isStretched(wish)) await loadStretcher(made);
    post({ kind: 'stretch', ...wish });
  }

  async function ready(): Promise<Opened> {
    opened ??= start().catch((error: unknown) => {
      opened = null;
      throw error;
    });
    return await opened;
  }

  /** The old context is left to itself: it does not answer. */
  async function again(): Promise<Opened> {
    node?.disconnect();
    node = null;
    opened = null;
    waiting.length = 0;
    loader.restart();
    return await ready();
  }

  return {
    async play() {
      let { context: made } = await ready();
      if (!(await woken(made))) ({ context: made } = await again());
      await woken(made);
      if (state.position >= player.samples) this.seek(0);
      post({ kind: 'play' });
    },
    pause() {
      post({ kind: 'pause' });
    },
    seek(position) {
      const to = Math.max(0, Math.min(player.samples, Math.round(position)));
      state = { ...state, position: to, time: context === null ? 0 : heardTime(context) };
      loader.follow(to, wishes.loop);
      post({ kind: 'seek', position: to });
      onState(state);
    },
    setLoop(loop) {
      wishes.loop = loop;
      loader.follow(state.position, loop);
      post({ kind: 'loop', loop });
    },
    setGains(gains) {
      wishes.gains = gains;
      post({ kind: 'gains', gains });
    },
    async setStretch(wish) {
      wishes.stretch = wish;
      if (context !== null) await stretch(context, wish);
    },
    setClick(click) {
      wishes.click = click;
      post({ kind: 'click', click });
    },
    prepare() {
      loader.follow(state.position, wishes.loop);
    },
    heard() {
      if (!state.isPlaying || state.isStarved || context === null) return state.position;
      const moved = (heardTime(context) - state.time) * rateHz * state.rate;
      // Reports come thirty times a second: whatever is farther away is a context that stands still.
      const position = state.position + Math.max(-rateHz, Math.min(rateHz / 4, moved));
      const { loop } = wishes;
      const isInLoop = loop !== null && state.position < loop.to && state.position >= loop.from;
      if (isInLoop && position >= loop.to) return loop.from + ((position - loop.from) % (loop.to - loop.from));
      if (isInLoop && position < loop.from && moved < 0) return position + loop.to - loop.from;
      return Math.max(0, Math.min(player.samples, position));
    },
    get state() {
      return state;
    },
  };
}

interface Opened {
  readonly context: BaseAudioContext;
}

async function openNode(context: BaseAudioContext, player: Player): Promise<AudioWorkletNode> {
  // Browsers have it on pages that came by https, or from this machine.
  if (!('audioWorklet' in context)) throw new Error('no audio worklet');
  await context.audioWorklet.addModule(new URL('./worklet.ts', import.meta.url).href);
  const { samples, segmentSamples, channels, stems } = player;
  const shape: PackShape = { samples, segmentSamples, channels, scales: stems.map(({ scale }) => scale) };
  const node = new AudioWorkletNode(context, 'mixer', {
    numberOfInputs: 0,
    outputChannelCount: [2],
    processorOptions: shape,
  });
  node.connect(context.destination);
  return node;
}

const stretchers = new WeakMap<BaseAudioContext, Promise<void>>();

/** Once for each context; resolves when the audio thread has it. */
async function loadStretcher(context: BaseAudioContext): Promise<void> {
  const known = stretchers.get(context);
  const loading = known ?? load();
  if (known === undefined) stretchers.set(context, loading);
  await loading;

  async function load(): Promise<void> {
    await context.audioWorklet.addModule(new URL('../packages/signalsmith-stretch.js', import.meta.url).href);
    const options = { numberOfInputs: 0, outputChannelCount: [2] };
    const node = new AudioWorkletNode(context, 'signalsmith-stretch', options);
    await new Promise<void>((resolve) => {
      node.port.addEventListener('message', () => resolve(), { once: true });
      node.port.start();
    });
  }
}

/** True where it plays; an offline context is driven by whoever made it. */
async function woken(context: BaseAudioContext): Promise<boolean> {
  if (!(context instanceof AudioContext)) return true;
  if (context.state === 'closed') return false;
  const limit = new Promise<void>((resolve) => setTimeout(resolve, WAKE_LIMIT_MS));
  await Promise.race([context.resume(), limit]);
  return context.state === 'running';
}

/** Of the context, in seconds: the moment that reaches the ear now. */
function heardTime(context: BaseAudioContext): number {
  if (!(context instanceof AudioContext)) return context.currentTime;
  const { contextTime, performanceTime } = context.getOutputTimestamp();
  if (contextTime !== undefined && performanceTime !== undefined && contextTime > 0) {
    return contextTime + (performance.now() - performanceTime) / 1000;
  }
  return context.currentTime - (context.outputLatency || context.baseLatency || 0);
}

function isStretched({ rate, semitones }: Stretch): boolean {
  return rate !== 1 || semitones !== 0;
}
