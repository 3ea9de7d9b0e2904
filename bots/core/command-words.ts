import type { JobCommand } from '../../workflows/contract/request.ts';
import type { Words } from './words/words.ts';

/** What a job makes, in a list of jobs: `vocals, fast`, `analysis` or `tab, bass`. */
export function commandWords(command: JobCommand, { analysis, sheets }: Pick<Words, 'analysis' | 'sheets'>): string {
  switch (command.kind) {
    case 'split':
      return `${command.strategy}, ${command.quality}`;
    case 'analyze':
      return analysis.title;
    case 'chords':
      return sheets.chords.title;
    case 'lyrics':
      return sheets.lyrics.title;
    case 'tab':
      return `${sheets.tab.title}, ${sheets.tab.parts[command.wish.part]}`;
  }
}
