/** Suggestions while somebody types: Discord's autocomplete, Slack's selects. */
import type { ChatAddress, Requester } from '../../workflows/contract/request.ts';
import { isFinished } from '../../workflows/contract/job.ts';
import { NAMED_TUNINGS, TUNING_NAMES, tuningNotes } from '../../workflows/contract/tunings.ts';
import type { AnswerDeps } from './answer.ts';
import type { CommandPath, OptionName } from './command-table.ts';
import { songName } from './song-name.ts';
import { splitStemWords } from './stem-words.ts';
import { allStems } from './strategies.ts';

export interface Suggestion {
  /** At most 100 characters. */
  readonly label: string;
  readonly value: string;
}

const MOST = 25;
const LONGEST_LABEL = 100;

/** At most 25, best first. `typed` is what stands in the option so far. */
export async function suggest(
  asked: {
    readonly path: CommandPath;
    readonly option: OptionName;
    readonly typed: string;
    readonly address: ChatAddress;
    readonly requester: Requester;
  },
  deps: Pick<AnswerDeps, 'bands' | 'jobs' | 'strategies'>,
): Promise<readonly Suggestion[]> {
  const typed = asked.typed.toLowerCase();
  return (await candidates(asked, deps))
    .filter(({ label }) => label.toLowerCase().includes(typed))
    .slice(0, MOST)
    .map(({ label, value }) => ({ value, label: [...label].slice(0, LONGEST_LABEL).join('') }));
}

async function candidates(
  { path, option, typed, address, requester }: Parameters<typeof suggest>[0],
  { bands, jobs, strategies }: Parameters<typeof suggest>[1],
): Promise<readonly Suggestion[]> {
  switch (option) {
    case 'strategy':
      return [...strategies].map(([value, stems]) => ({ value, label: `${value}: ${stems.join(', ')}` }));
    case 'want':
    case 'minus':
      return stemSuggestions(typed, allStems(strategies));
    case 'tuning':
      return TUNING_NAMES.map((value) => ({ value, label: `${value}: ${tuningNotes(NAMED_TUNINGS[value])}` }));
    case 'code':
    case 'song': {
      if (path === 'jam band join' || path === 'jam link') {
        return [];
      }
      const band = await bands.of(address, requester);
      const listed = await jobs.list({ limit: MOST, bandId: band.id, unfinishedOnly: path === 'cancel' });
      return listed
        .filter(({ state }) => path !== 'retry' || isFinished(state))
        .map((job) => ({ value: job.code, label: `${job.code} ${songName(job) ?? ''}`.trimEnd() }));
    }
    case 'quality':
    case 'format':
    case 'tempo':
    case 'metre':
    case 'key':
    case 'beat1':
    case 'capo':
    case 'transpose':
    case 'detail':
    case 'words':
    case 'part':
    case 'level':
    case 'frets':
    case 'alone':
    case 'name':
    case 'language':
    case 'inviteonly':
    case 'forget':
    case 'out':
      return [];
  }
}

/** One more stem after those that stand there already. */
function stemSuggestions(typed: string, known: readonly string[]): readonly Suggestion[] {
  const words = splitStemWords(typed).map((word) => word.toLowerCase());
  const chosen = words.filter((word) => known.includes(word));
  return known
    .filter((stem) => !chosen.includes(stem))
    .map((stem) => [...chosen, stem].join(','))
    .map((value) => ({ value, label: value }));
}
