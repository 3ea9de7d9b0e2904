import { createInterface } from 'node:readline';
import { toldInPrivate } from '../core/answer.ts';
import type { AnswerDeps } from '../core/answer.ts';
import { answerCommand } from '../core/answer-command.ts';
import { readLine } from './inbound.ts';
import type { ConsoleRoom } from './inbound.ts';
import type { TerminalScreen } from './screen.ts';

/** The chat's input line. Resolves when the person ends it (Ctrl-C, Ctrl-D) or `signal` aborts. */
export async function runPrompt(
  room: ConsoleRoom,
  screen: TerminalScreen,
  deps: AnswerDeps,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) {
    return;
  }
  const reader = createInterface({ input: process.stdin, output: process.stdout, prompt: 'woodshed> ' });
  screen.attachPrompt({
    redraw() {
      reader.prompt(true);
    },
  });
  const closed = new Promise<void>((resolve) => {
    reader.once('close', resolve);
  });
  reader.on('SIGINT', () => {
    reader.close();
  });
  reader.on('line', (line) => {
    answer(line, room, deps).then(
      (lines) => {
        screen.print(lines);
      },
      (error: unknown) => {
        screen.print([`That did not work: ${error instanceof Error ? error.message : String(error)}`]);
      },
    );
  });
  signal.addEventListener('abort', () => {
    reader.close();
  });
  reader.prompt();
  await closed;
  screen.attachPrompt(null);
}

async function answer(line: string, room: ConsoleRoom, deps: AnswerDeps): Promise<readonly string[]> {
  const read = await readLine(line, room);
  if (read === null || typeof read === 'string') {
    return read === null ? [] : [read];
  }
  const answered = await answerCommand(read, deps);
  // An accepted job speaks for itself: its card appears.
  if (answered.kind === 'accepted') return [];
  const { lines, links } = toldInPrivate(answered);
  return [...lines, ...links.map(({ url }) => url)];
}
