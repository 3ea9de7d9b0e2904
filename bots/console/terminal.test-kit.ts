import { Writable } from 'node:stream';
import type { TerminalStream } from './screen.ts';

export interface FakeTerminal extends TerminalStream {
  /** What stands on it now, from the first line ever written; trailing blank lines left out. */
  lines(): string[];
  /** The topmost line that was written to or cleared since the last call; Infinity where none was. */
  topmostTouched(): number;
}

/**
 * A terminal that understands what a redrawing screen needs: line feed, to the line's begin, up, clear downwards. Any other command or
 * control character stays in the text, so that a test sees it.
 */
export function createTerminal({ columns = 80, rows = 24 } = {}): FakeTerminal {
  const lines: string[] = [''];
  let row = 0;
  let column = 0;
  let topmost = Infinity;

  function touch(): void {
    topmost = Math.min(topmost, row);
  }

  function put(token: string): void {
    // oxlint-disable-next-line no-control-regex -- escape sequences are what this reads
    // oxlint-disable-next-line no-control-regex -- a terminal's commands begin with one
    const command = /^\u001b\[(\d*)([GAJ])$/u.exec(token);
    if (token === '\n') {
      row += 1;
      column = 0;
      lines[row] ??= '';
    } else if (command?.[2] === 'G') {
      column = Number(command[1]) - 1;
    } else if (command?.[2] === 'A') {
      row -= Number(command[1]);
    } else if (command?.[2] === 'J') {
      touch();
      lines.length = row + 1;
      lines[row] = (lines[row] ?? '').slice(0, column);
    } else {
      touch();
      const line = (lines[row] ?? '').padEnd(column);
      lines[row] = line.slice(0, column) + token + line.slice(column + token.length);
      column += token.length;
    }
  }

  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      // oxlint-disable-next-line no-control-regex -- these four are all that a screen may send
      for (const [token] of chunk.matchAll(/\u001b\[1G|\u001b\[\d+A|\u001b\[0J|\n|[^\u001b\n]+|\u001b/gu)) {
        put(token);
      }
      done();
    },
  });
  return Object.assign(stream, {
    isTTY: true,
    columns,
    rows,
    lines: () => lines.slice(0, lines.findLastIndex((line) => line !== '') + 1),
    topmostTouched() {
      const found = topmost;
      topmost = Infinity;
      return found;
    },
  });
}
