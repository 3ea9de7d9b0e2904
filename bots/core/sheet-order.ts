import type { JobOrder } from '../../workflows/contract/request.ts';
import type { SongCommand } from './chat-command.ts';

/** What a command orders that asks for something written down of a song. */
export function sheetOrder(command: Exclude<SongCommand, { readonly kind: 'split' }>): JobOrder {
  switch (command.kind) {
    case 'analyze':
      return { kind: 'analyze', facts: command.facts };
    case 'chords':
      return { kind: 'chords', facts: command.facts, options: command.options };
    case 'lyrics':
      return { kind: 'lyrics', given: command.given };
    case 'tab':
      return { kind: 'tab', facts: command.facts, wish: command.wish };
  }
}
