import type { JobCommand } from '../../workflows/contract/request.ts';
import type { Words } from './words/words.ts';

/** What a job makes, in a list of jobs: `vocals, fast` or `analysis`. */
export function commandWords(command: JobCommand, { analysis }: Pick<Words, 'analysis'>): string {
  return command.kind === 'split' ? `${command.strategy}, ${command.quality}` : analysis.title;
}
