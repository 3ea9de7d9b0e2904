/** The keyboard: everything that the page can do, while no field is being filled in. */
import type { StemRows } from './stem-rows.ts';
import type { Transport } from './transport.ts';

export interface KeyTargets {
  readonly transport: Transport;
  readonly rows: StemRows;
  readonly showKeys: () => void;
  /** What else keys do on this page, by their names. */
  readonly more?: Readonly<Record<string, () => void>> | undefined;
}

const SKIP_SECONDS = 5;

export function listenToKeys({ transport, rows, showKeys, more = {} }: KeyTargets): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]') !== null) return;
    if (isTakenBy(event.target, event.key)) return;
    const act = actionOf(event);
    if (act === null) return;
    event.preventDefault();
    act();
  });
  // What was clicked does not keep the space bar for itself.
  document.addEventListener('click', ({ detail, target }) => {
    const button = target instanceof Element ? target.closest('button') : null;
    if (detail > 0 && button?.closest('dialog') === null) button.blur();
  });

  function actionOf({ key, code, shiftKey }: KeyboardEvent): (() => void) | null {
    // By the key's place: with Shift, a digit has another character in every country.
    const digit = /^(?:Digit|Numpad)([1-9])$/u.exec(code)?.[1];
    if (digit !== undefined) {
      const index = Number(digit) - 1;
      return shiftKey ? () => rows.toggleSolo(index) : () => rows.toggleMute(index);
    }
    switch (key.toLowerCase()) {
      case ' ':
        return transport.togglePlay;
      case 'arrowleft':
        return () => transport.skip(shiftKey ? -1 : -SKIP_SECONDS);
      case 'arrowright':
        return () => transport.skip(shiftKey ? 1 : SKIP_SECONDS);
      case 'home':
        return transport.toStart;
      case 'a':
        return () => transport.markLoop('start');
      case 'b':
        return () => transport.markLoop('end');
      case 'l':
        return transport.toggleLoop;
      case '+':
      case '=':
        return () => transport.changeSpeed(1);
      case '-':
        return () => transport.changeSpeed(-1);
      case 't':
        return () => transport.changePitch(shiftKey ? -1 : 1);
      case 'c':
        return transport.toggleClick;
      case '?':
        return showKeys;
      default:
        return more[key] ?? null;
    }
  }
}

/** A fader keeps its arrows, a button and a link their space bar. */
function isTakenBy(target: EventTarget | null, key: string): boolean {
  if (target instanceof HTMLInputElement) return target.type !== 'range' || /^(?:Arrow|Home|End|Page)/u.test(key);
  if (target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLElement && target.matches('button, a[href]') && key === ' ';
}
