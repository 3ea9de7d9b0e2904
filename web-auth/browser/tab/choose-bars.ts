/** Presses on a tab: one on a bar goes there; one that is drawn over bars repeats them. */
import type { BarRange, Marks } from './marks.ts';

export interface Chosen {
  readonly onBar: (bar: number) => void;
  readonly onRange: (range: BarRange) => void;
  /** Nothing came of what was shown as chosen. */
  readonly onNothing: () => void;
}

/** A press that moves farther than this chooses bars. */
const DRAG_PIXELS = 8;

export function chooseBars(surface: HTMLElement, marks: Marks, { onBar, onRange, onNothing }: Chosen): void {
  const barUnder = ({ clientX, clientY }: MouseEvent): number | null => {
    const { left, top } = surface.getBoundingClientRect();
    return marks.barAt(clientX - left, clientY - top);
  };

  surface.addEventListener('pointerdown', (down) => {
    const from = barUnder(down);
    if (down.button !== 0 || from === null) return;
    surface.setPointerCapture(down.pointerId);
    let range: BarRange | null = null;
    const ends = new AbortController();
    const { signal } = ends;

    surface.addEventListener(
      'pointermove',
      (event) => {
        const far = Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) >= DRAG_PIXELS;
        const to = barUnder(event);
        if ((!far && range === null) || to === null) return;
        range = { first: Math.min(from, to), last: Math.max(from, to) };
        marks.showRange(range);
      },
      { signal },
    );
    surface.addEventListener(
      'pointerup',
      () => {
        ends.abort();
        if (range === null) onBar(from);
        else onRange(range);
      },
      { signal },
    );
    // A finger that scrolls the page has chosen nothing.
    surface.addEventListener(
      'pointercancel',
      () => {
        ends.abort();
        if (range !== null) onNothing();
      },
      { signal },
    );
  });
}
