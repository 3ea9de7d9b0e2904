import type { Api } from 'grammy';
import { LANGUAGES } from '../../workflows/contract/job-view.ts';
import { COMMANDS } from '../core/command-table.ts';
import { USUAL_LANGUAGE, wordsOf } from '../core/words/words-of.ts';

const DESCRIPTION_LIMIT = 256;

/** Tells Telegram the commands that it offers while somebody types, in every language there is; those of before are replaced. */
export async function registerCommands(api: Api): Promise<number> {
  for (const language of LANGUAGES) {
    const { summaries } = wordsOf(language);
    const commands = COMMANDS.map(({ name, path }) => ({
      command: name,
      description: summaries[path].slice(0, DESCRIPTION_LIMIT),
    }));
    await api.setMyCommands(commands, language === USUAL_LANGUAGE ? {} : { language_code: language });
  }
  return COMMANDS.length;
}
