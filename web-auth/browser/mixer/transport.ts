/** The bar's buttons: what each does, and what it shows. Keys do the same. */
import { createClickControl } from './click-control.ts';
import type { Engine } from './engine.ts';
import { find, press } from './elements.ts';
import type { EngineState, Loop } from './messages.ts';
import type { Player } from './player-data.ts';
import { meterFill } from './level-taper.ts';

export type LoopEdge = 'start' | 'end';

export interface Transport {
  togglePlay(): void;
  /** @param seconds may be negative */
  skip(seconds: number): void;
  toStart(): void;
  markLoop(edge: LoopEdge): void;
  setLoop(loop: Loop): void;
  toggleLoop(): void;
  /** @param steps of 5 % */
  changeSpeed(steps: number): void;
  /** @param steps in semitones */
  changePitch(steps: number): void;
  toggleClick(): void;
  show(state: EngineState): void;
}

export interface TransportOptions {
  readonly player: Player;
  readonly engine: Engine;
  readonly say: (sentence: string) => void;
  readonly onLoop: (loop: Loop | null) => void;
  /** Where a repeat that is marked here begins or ends; here, unless it is said. */
  readonly snap?: ((position: number, edge: LoopEdge) => number) | undefined;
}

const SPEED = { step: 5, lowest: 50, highest: 150 };
const HIGHEST_SEMITONES = 6;
const SHORTEST_LOOP_SECONDS = 0.1;
/** Of the meter's length, for each report. */
const FALL = 0.03;
const NO_SOUND = 'This browser gives no sound here. Open the page by https, in a current browser, and try again.';

export function createTransport({ player, engine, say, onLoop, snap }: TransportOptions): Transport {
  const { rateHz, samples } = player;
  const button = { play: find('#play'), loop: find('#loop') };
  const click = createClickControl({ player, engine, say });
  const meters = [find('#master-left'), find('#master-right')] as const;
  const shownLevels: [number, number] = [0, 0];
  let marked: Loop = { from: 0, to: samples };
  let isLooping = false;
  let speed = 100;
  let semitones = 0;
  /** From the press of the button on, before the audio thread has answered. */
  let isWanted = false;

  function play(): void {
    isWanted = true;
    press(button.play, true);
    engine.play().catch(() => {
      isWanted = false;
      press(button.play, false);
      say(NO_SOUND);
    });
  }

  function repeat(next: Loop, isOn: boolean): void {
    marked = next;
    isLooping = isOn;
    press(button.loop, isLooping);
    const loop = isLooping ? marked : null;
    engine.setLoop(loop);
    onLoop(loop);
    if (loop !== null && (engine.heard() >= loop.to || engine.heard() < loop.from)) engine.seek(loop.from);
  }

  function stretch(): void {
    find('#speed').textContent = `${String(speed)} %`;
    find('#pitch').textContent = semitones === 0 ? '±0' : `${semitones > 0 ? '+' : '−'}${String(Math.abs(semitones))}`;
    engine.setStretch({ rate: speed / 100, semitones }).catch(() => {
      say('Speed and key cannot be changed now: a part of this page did not come. Reload it.');
    });
  }

  const transport: Transport = {
    togglePlay() {
      if (!isWanted) {
        play();
        return;
      }
      isWanted = false;
      press(button.play, false);
      engine.pause();
    },
    skip(seconds) {
      engine.seek(engine.heard() + seconds * rateHz);
    },
    toStart() {
      engine.seek(isLooping ? marked.from : 0);
    },
    markLoop(edge) {
      const heard = engine.heard();
      const here = Math.round(snap?.(heard, edge) ?? heard);
      const next = edge === 'start' ? { from: here, to: marked.to } : { from: marked.from, to: here };
      // A mark on the wrong side of the other takes it along.
      if (next.to - next.from < SHORTEST_LOOP_SECONDS * rateHz) {
        if (edge === 'start') next.to = samples;
        else next.from = 0;
      }
      if (next.to - next.from < SHORTEST_LOOP_SECONDS * rateHz) return;
      repeat(next, edge === 'end' || isLooping);
      say(edge === 'start' ? 'The repeat begins here.' : 'The repeat ends here.');
    },
    setLoop(loop) {
      if (loop.to - loop.from >= SHORTEST_LOOP_SECONDS * rateHz) repeat(loop, true);
    },
    toggleLoop() {
      repeat(marked, !isLooping);
      say(isLooping ? 'Repeat on' : 'Repeat off');
    },
    changeSpeed(steps) {
      speed = Math.max(SPEED.lowest, Math.min(SPEED.highest, speed + steps * SPEED.step));
      stretch();
    },
    changePitch(steps) {
      semitones = Math.max(-HIGHEST_SEMITONES, Math.min(HIGHEST_SEMITONES, semitones + steps));
      stretch();
    },
    toggleClick: click.toggle,
    show({ isPlaying, isStarved, peaks }) {
      if (isWanted && !isPlaying && engine.state.position >= samples) isWanted = false;
      press(button.play, isWanted);
      button.play.setAttribute('aria-label', isWanted ? 'Pause' : 'Play');
      button.play.classList.toggle('waiting', isStarved);
      for (const channel of [0, 1] as const) {
        const level = peaks[peaks.length - 2 + channel] ?? 0;
        shownLevels[channel] = Math.max(meterFill(level), shownLevels[channel] - FALL);
        meters[channel].style.setProperty('--fill', shownLevels[channel].toFixed(3));
        if (level > 1) meters[channel].classList.add('over');
      }
    },
  };

  const on = (id: string, act: () => void): void => find(id).addEventListener('click', act);
  on('#play', transport.togglePlay);
  on('#to-start', transport.toStart);
  on('#loop-a', () => transport.markLoop('start'));
  on('#loop-b', () => transport.markLoop('end'));
  on('#loop', transport.toggleLoop);
  on('#speed-less', () => transport.changeSpeed(-1));
  on('#speed-more', () => transport.changeSpeed(1));
  on('#pitch-less', () => transport.changePitch(-1));
  on('#pitch-more', () => transport.changePitch(1));
  return transport;
}
