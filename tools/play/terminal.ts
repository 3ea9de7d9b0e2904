/** The playroom in a terminal: what happens is printed, what is typed is done. */
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { createTerminalLines } from './terminal-lines.ts';
import { TERMINAL_HELP, terminalLine } from './terminal-line.ts';
import type { TerminalPerson } from './terminal-line.ts';
import type { PlayRoom } from './room.ts';
import type { StackState } from './stack-state.ts';

export interface TerminalStreams {
  readonly input: Readable;
  readonly output: Writable;
}

/** Resolves when the person quits, the input ends or `signal` aborts. */
export async function playInTerminal(
  room: PlayRoom,
  stack: StackState,
  { input, output }: TerminalStreams,
  signal: AbortSignal,
): Promise<void> {
  const [who, where] = [room.people[0], room.places[0]];
  if (who === undefined || where === undefined) throw new RangeError('nobody is in the room');
  let person: TerminalPerson = { by: who.id, at: { chat: where.id, thread: where.thread } };
  const lines = createTerminalLines(room);
  const prompt = createInterface({ input, output, terminal: 'isTTY' in output && output.isTTY === true });
  let isOpen = true;
  prompt.once('close', () => {
    isOpen = false;
  });
  // Lines that came before the end of the input are still done.
  const ask = (keepsCursor: boolean): void => {
    if (isOpen) prompt.prompt(keepsCursor);
  };
  const print = (printed: readonly string[]): void => {
    output.write(printed.map((line) => `\r\u001B[K${line}\n`).join(''));
    ask(true);
  };
  const describe = (): void => {
    const name = room.people.find(({ id }) => id === person.by)?.name ?? person.by;
    const place = room.places.find(({ id, thread }) => id === person.at.chat && thread === person.at.thread);
    prompt.setPrompt(`${name} @ ${place?.name ?? person.at.chat}> `);
    ask(false);
  };
  const stops = [
    room.emulator.conversation.watch((event) => print(lines.of(event))),
    stack.watch(() => print([`  · ${stack.line}`])),
  ];
  const close = (): void => {
    prompt.close();
  };
  signal.addEventListener('abort', close, { once: true });
  try {
    print([room.title, ...TERMINAL_HELP]);
    describe();
    for await (const line of prompt) {
      try {
        const intent = await terminalLine(line, room, person, lines.numbered);
        if (intent.kind === 'quit') return;
        if (intent.kind === 'be') {
          const { chat } = intent.person.at;
          if (chat !== person.at.chat) await room.enter?.(chat);
          ({ person } = intent);
        }
        if (intent.kind === 'help') print(TERMINAL_HELP);
        if (intent.kind === 'act') await room.emulator.act(intent.action);
      } catch (error) {
        print([`  ! ${error instanceof Error ? error.message : String(error)}`]);
      }
      describe();
    }
  } finally {
    signal.removeEventListener('abort', close);
    for (const stop of stops) stop();
    prompt.close();
  }
}
