import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import type { Card } from '../../workflows/contract/card.ts';
import { isFinished } from '../../workflows/contract/job.ts';
import { cardLine, cardLines } from './card-lines.ts';
import { fitLine, visibleText } from './terminal-text.ts';

export interface Screen {
  /** Lines that stay. */
  print(lines: readonly string[]): void;
  /** Shows a card: redrawn in place on a terminal, one line per stage or ten per cent elsewhere; a final card stays. */
  show(card: Card): void;
}

/** What the prompt needs so that cards can be drawn above it. */
export interface PromptRedraw {
  redraw(): void;
}

export interface TerminalStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** An address that is cut leads nowhere. None is in what is drawn over, whose lines are counted. */
const ADDRESS = /^(?:│ )?https?:\/\/[\w.:/?=&%-]+$/u;

export interface TerminalScreen extends Screen {
  attachPrompt(prompt: PromptRedraw | null): void;
}

/** A screen on a terminal (cards redraw in place above the prompt) or on any other stream (only new lines). */
export function createScreen(output: TerminalStream): TerminalScreen {
  return output.isTTY === true ? redrawingScreen(output) : appendingScreen(output);
}

function redrawingScreen(output: TerminalStream): TerminalScreen {
  const live = new Map<string, readonly string[]>();
  let drawnLines = 0;
  let prompt: PromptRedraw | null = null;

  function draw(permanent: readonly string[]): void {
    cursorTo(output, 0);
    if (drawnLines > 0) {
      moveCursor(output, 0, -drawnLines);
    }
    clearScreenDown(output);
    // What has scrolled off a terminal cannot be drawn over; the prompt needs a line too.
    const lines = [...live.values()].flat().slice(-Math.max(1, (output.rows ?? 24) - 2));
    for (const line of [...permanent, ...lines]) {
      output.write(`${ADDRESS.test(line) ? line : fitLine(line, output.columns ?? 80)}\n`);
    }
    drawnLines = lines.length;
    prompt?.redraw();
  }

  return {
    print(lines) {
      draw(printable(lines));
    },
    show(card) {
      const lines = cardLines(card).map(visibleText);
      if (isFinished(card.state)) {
        live.delete(card.jobId);
        draw(lines);
      } else {
        live.set(card.jobId, lines);
        draw([]);
      }
    },
    attachPrompt(next) {
      prompt = next;
    },
  };
}

function appendingScreen(output: TerminalStream): TerminalScreen {
  const shown = new Map<string, string>();
  function print(lines: readonly string[]): void {
    for (const line of lines.map(visibleText)) {
      output.write(`${line}\n`);
    }
  }
  return {
    print(lines) {
      print(printable(lines));
    },
    show(card) {
      if (isFinished(card.state)) {
        shown.delete(card.jobId);
        print(cardLines(card));
        return;
      }
      const running = card.stages.find((stage) => stage.mark === 'running')?.stage ?? '';
      const step = `${running} ${String(Math.floor((card.fraction ?? 0) * 10))}`;
      if (shown.get(card.jobId) !== step) {
        shown.set(card.jobId, step);
        print([cardLine(card)]);
      }
    },
    attachPrompt() {
      // Nothing is redrawn here.
    },
  };
}

/** A printed text may have several lines; a card's may not. */
function printable(lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split('\n')).map(visibleText);
}
