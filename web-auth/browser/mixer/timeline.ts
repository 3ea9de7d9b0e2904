/** Where the song is, and what of it is repeated: the ruler, the play head over all rows, sections where they are known. */
import type { Engine } from './engine.ts';
import { clock, find } from './elements.ts';
import type { Loop } from './messages.ts';
import type { Player } from './player-data.ts';
import { drawRuler } from './waveform.ts';

export interface Timeline {
  /** Once for every picture that the screen shows. */
  show(position: number): void;
  showLoop(loop: Loop | null): void;
  draw(): void;
}

export interface TimelineOptions {
  readonly player: Player;
  readonly engine: Engine;
  readonly onLoop: (loop: Loop) => void;
}

/** A press that moves farther than this marks what is repeated. */
const DRAG_PIXELS = 6;

export function createTimeline({ player, engine, onLoop }: TimelineOptions): Timeline {
  const { samples, rateHz, sections = [] } = player;
  const root = find('#mixer');
  const ruler = find('#ruler');
  const now = find('#now');
  const seconds = samples / rateHz;
  let shownSecond = -1;
  find('#length').textContent = clock(seconds);
  ruler.setAttribute('aria-valuemax', String(Math.round(seconds)));

  const positionAt = (element: Element, x: number): number => {
    const { left, width } = element.getBoundingClientRect();
    return Math.max(0, Math.min(1, (x - left) / width)) * samples;
  };

  ruler.addEventListener('pointerdown', (down) => {
    if (down.button !== 0) return;
    ruler.setPointerCapture(down.pointerId);
    const from = positionAt(ruler, down.clientX);
    const move = (event: PointerEvent): void => {
      if (Math.abs(event.clientX - down.clientX) < DRAG_PIXELS) return;
      const to = positionAt(ruler, event.clientX);
      onLoop({ from: Math.round(Math.min(from, to)), to: Math.round(Math.max(from, to)) });
    };
    const up = (event: PointerEvent): void => {
      ruler.removeEventListener('pointermove', move);
      ruler.blur();
      if (Math.abs(event.clientX - down.clientX) < DRAG_PIXELS) engine.seek(from);
    };
    ruler.addEventListener('pointermove', move);
    ruler.addEventListener('pointerup', up, { once: true });
  });
  for (const wave of root.querySelectorAll('.wave')) {
    wave.addEventListener('click', (event) => engine.seek(positionAt(wave, (event as MouseEvent).clientX)));
  }
  showSections(sections, (from, to) => onLoop({ from: Math.round(from * rateHz), to: Math.round(to * rateHz) }));

  return {
    show(position) {
      root.style.setProperty('--at', `${((position / samples) * 100).toFixed(3)}%`);
      now.textContent = clock(position / rateHz, 1);
      const second = Math.floor(position / rateHz);
      if (second === shownSecond) return;
      shownSecond = second;
      ruler.setAttribute('aria-valuenow', String(second));
      ruler.setAttribute('aria-valuetext', `${clock(second)} of ${clock(seconds)}`);
    },
    showLoop(loop) {
      root.classList.toggle('looping', loop !== null);
      if (loop === null) return;
      root.style.setProperty('--loop-start', `${((loop.from / samples) * 100).toFixed(3)}%`);
      root.style.setProperty('--loop-end', `${((loop.to / samples) * 100).toFixed(3)}%`);
    },
    draw() {
      drawRuler(ruler, seconds);
    },
  };
}

function showSections(
  sections: NonNullable<Player['sections']>,
  repeat: (fromSeconds: number, toSeconds: number) => void,
): void {
  const group = find('#sections');
  group.hidden = sections.length === 0;
  for (const { name, fromSeconds, toSeconds } of sections) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = name;
    button.setAttribute('aria-label', `Repeat ${name}, from ${clock(fromSeconds)}`);
    button.addEventListener('click', () => repeat(fromSeconds, toSeconds));
    group.append(button);
  }
}
