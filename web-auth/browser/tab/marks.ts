/** What lies over the picture of a tab: where it is played, and what is chosen or repeated. */
import type { DrawnBar, DrawnTab } from './draw-tab.ts';
import type { PlaceInTab } from './bar-times.ts';

export interface BarRange {
  /** From 0. */
  readonly first: number;
  /** The last one in it. */
  readonly last: number;
}

export interface Marks {
  /** Another drawing of the same tab. */
  lieOver(tab: DrawnTab): void;
  showPlace(place: PlaceInTab): void;
  showRange(range: BarRange | null): void;
  /** Null where there is none. */
  barAt(x: number, y: number): number | null;
  /** Of a bar, from the top of the picture, in pixels. */
  lineOf(bar: number): { readonly line: number; readonly top: number; readonly bottom: number } | null;
}

/** @param layer an element that covers the picture, and lets presses through */
export function createMarks(layer: HTMLElement): Marks {
  const now = mark('bar-now');
  const cursor = mark('cursor');
  const ranges: HTMLElement[] = [];
  let bars: readonly DrawnBar[] = [];
  let place: PlaceInTab = { bar: 0, at: 0 };
  let range: BarRange | null = null;

  function mark(name: string): HTMLElement {
    const element = document.createElement('i');
    element.className = name;
    layer.append(element);
    return element;
  }

  function cover(element: HTMLElement, { x, y, width, height }: Pick<DrawnBar, 'x' | 'y' | 'width' | 'height'>): void {
    element.hidden = false;
    element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
    element.style.width = `${width.toFixed(1)}px`;
    element.style.height = `${height.toFixed(1)}px`;
  }

  function showPlace(next: PlaceInTab): void {
    const changed = next.bar !== place.bar || now.style.width === '';
    place = next;
    const bar = bars[place.bar];
    if (bar === undefined) return;
    if (changed) cover(now, bar);
    cover(cursor, { ...bar, x: xIn(bar, place.at), width: 2 });
  }

  /** One mark for each line that the range touches. */
  function showRange(next: BarRange | null): void {
    range = next;
    for (const element of ranges.splice(0)) element.remove();
    if (range === null) return;
    const chosen = bars.slice(range.first, range.last + 1);
    for (const line of new Set(chosen.map((bar) => bar.line))) {
      const there = chosen.filter((bar) => bar.line === line);
      const [head, tail] = [there[0] as DrawnBar, there.at(-1) as DrawnBar];
      const element = mark('chosen');
      cover(element, { ...head, width: tail.x + tail.width - head.x });
      ranges.push(element);
    }
  }

  return {
    lieOver(tab) {
      ({ bars } = tab);
      now.style.width = '';
      showPlace(place);
      showRange(range);
    },
    showPlace,
    showRange,
    barAt(x, y) {
      const index = bars.findIndex(
        (bar) => x >= bar.x && x < bar.x + bar.width && y >= bar.y && y < bar.y + bar.height,
      );
      return index < 0 ? null : index;
    },
    lineOf(index) {
      const bar = bars[index];
      return bar === undefined ? null : { line: bar.line, top: bar.y, bottom: bar.y + bar.height };
    },
  };
}

/** Between the beats around it; from the last one to the bar's end. */
function xIn({ x, width, beats }: DrawnBar, at: number): number {
  let before = { at: 0, x: beats[0]?.x ?? x };
  for (const beat of beats) {
    if (beat.at > at) return before.x + ((at - before.at) / (beat.at - before.at)) * (beat.x - before.x);
    before = beat;
  }
  const rest = 1 - before.at;
  return rest <= 0 ? before.x : before.x + ((at - before.at) / rest) * (x + width - before.x);
}
