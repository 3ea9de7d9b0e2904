/** A tab that follows its song: a cursor, bars to press and to repeat, and the line that is played in view. */
import { clock } from '../mixer/elements.ts';
import type { Loop } from '../mixer/messages.ts';
import type { PlayerParts, PlayerView } from '../mixer/player-page.ts';
import { createBarTimes } from './bar-times.ts';
import type { PlaceInTab } from './bar-times.ts';
import { chooseBars } from './choose-bars.ts';
import type { BarRange, Marks } from './marks.ts';

export interface TabViewOptions extends PlayerParts {
  /** What is pressed, focused and read aloud. */
  readonly surface: HTMLElement;
  readonly marks: Marks;
  /** Where each bar begins, and where the last one ends. */
  readonly barsSeconds: readonly number[];
  /** Of the first bar; the others follow. */
  readonly firstBarNumber: number;
}

/** Whoever has heard no more of a bar wants the one before it. */
const BARELY_SECONDS = 0.5;
/** Of the window's height: where a line is put that has come into play. */
const LINE_AT = 0.25;

export function createTabView({
  surface,
  marks,
  barsSeconds,
  firstBarNumber,
  player,
  engine,
  repeat,
}: TabViewOptions): PlayerView {
  const { rateHz } = player;
  const times = createBarTimes(barsSeconds);
  let range: BarRange | null = null;
  let bar = -1;
  let line = -1;

  /** A bar begins with the sample to which its start is rounded. */
  const placeOf = (position: number): PlaceInTab => times.placeAt((position + 1) / rateHz);
  const positionOf = (seconds: number): number => Math.round(seconds * rateHz);
  const goTo = (index: number): void => {
    const within = Math.max(0, Math.min(times.bars - 1, index));
    engine.seek(positionOf(times.startOf(within)));
  };
  /** To its start, or to the one before where it has hardly begun. */
  const back = (): void => {
    const heard = engine.heard();
    const { bar: here } = placeOf(heard);
    goTo(heard / rateHz - times.startOf(here) > BARELY_SECONDS ? here : here - 1);
  };
  const ahead = (): void => goTo(placeOf(engine.heard()).bar + 1);

  const lastBarNumber = firstBarNumber + times.bars - 1;
  surface.setAttribute('aria-valuemin', String(firstBarNumber));
  surface.setAttribute('aria-valuemax', String(lastBarNumber));
  surface.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = { ArrowLeft: back, ArrowRight: ahead, ArrowUp: ahead, ArrowDown: back }[event.key];
    if (act === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  chooseBars(surface, marks, {
    onBar: goTo,
    onRange: ({ first, last }) => repeat({ from: positionOf(times.startOf(first)), to: positionOf(times.endOf(last)) }),
    onNothing: () => marks.showRange(range),
  });

  function say(seconds: number): void {
    const number = String(firstBarNumber + bar);
    surface.setAttribute('aria-valuenow', number);
    surface.setAttribute('aria-valuetext', `Bar ${number} of ${String(lastBarNumber)}, ${clock(seconds)}`);
  }

  return {
    show(position, isPlaying) {
      const place = placeOf(position);
      marks.showPlace(place);
      if (place.bar === bar) return;
      ({ bar } = place);
      say(position / rateHz);
      const next = marks.lineOf(bar);
      if (next === null || next.line === line) return;
      ({ line } = next);
      if (isPlaying) bringIntoView(surface, next);
    },
    showLoop(loop: Loop | null) {
      range = loop === null ? null : rangeOf(loop);
      marks.showRange(range);
    },
    snap(position, edge) {
      const { bar: here } = placeOf(position);
      return positionOf(edge === 'start' ? times.startOf(here) : times.endOf(here));
    },
    keys: { ',': back, '.': ahead },
  };

  /** The bars of which something is repeated; a rounded edge is no bar. */
  function rangeOf({ from, to }: Loop): BarRange {
    return { first: placeOf(from).bar, last: placeOf(to - 2).bar };
  }
}

/** Where it is not in view already. */
function bringIntoView(surface: HTMLElement, { top, bottom }: { readonly top: number; readonly bottom: number }): void {
  const { top: page } = surface.getBoundingClientRect();
  const covered = document.querySelector('.transport')?.getBoundingClientRect().height ?? 0;
  if (page + top >= 0 && page + bottom <= innerHeight - covered) return;
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  scrollBy({ top: page + top - innerHeight * LINE_AT, behavior: isCalm ? 'instant' : 'smooth' });
}
