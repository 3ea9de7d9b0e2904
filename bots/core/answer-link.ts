/** Linking a chat account with the person who signs in in a browser. */
import type { Requester } from '../../workflows/contract/request.ts';
import { toAsker } from './answer.ts';
import type { Answer, AnswerDeps, OwnPage } from './answer.ts';
import type { ChatCommand } from './chat-command.ts';
import type { LinkPage } from './jobs.ts';
import type { Words } from './words/words.ts';

export async function answerLink(
  requester: Requester,
  command: Extract<ChatCommand, { kind: 'link' | 'unlink' }>,
  words: Words,
  deps: AnswerDeps,
): Promise<Answer> {
  const { answers } = words;
  const { accounts, style } = deps;
  if (command.kind === 'unlink') {
    const unlinked = await accounts.unlink(requester);
    return toAsker([unlinked ? answers.unlinked(style.verb('jam link')) : answers.notLinked()]);
  }
  if (command.code === null) {
    return await offerPage(requester, words, deps);
  }
  switch (await accounts.confirm(requester, command.code)) {
    case 'linked':
      return toAsker([answers.linked()]);
    case 'wrong':
      return toAsker([answers.linkCodeWrong()]);
    case 'too-many':
      return toAsker([answers.linkCodeSpent(style.verb('jam link'))]);
  }
}

/** Of whoever asks, whosever song it is. */
async function offerPage(requester: Requester, words: Words, { accounts, style }: AnswerDeps): Promise<Answer> {
  const { answers } = words;
  // Whoever sits at the machine has no account to link, and signs in by such a page alone.
  const isHere = requester.platform === 'console';
  if (!isHere && (await accounts.isLinked(requester))) {
    return toAsker([answers.linkedAlready(style.verb('jam unlink'))]);
  }
  const page = await accounts.linkPage(requester);
  if (page === null) {
    return toAsker([answers.linkingOff()]);
  }
  const minutes = Math.max(1, Math.round((page.endsAt.getTime() - Date.now()) / 60_000));
  const line = isHere ? answers.openHere(minutes) : answers.linkHere(minutes);
  return { ...toAsker([]), ownPage: ownPage(page, line, words) };
}

/**
 * The asker's page that goes along with the word that a song was taken: null where they have to link nothing, `impossible` where they cannot,
 * and so the song is not taken.
 */
export async function pageForSong(
  requester: Requester,
  bandId: string,
  words: Words,
  { accounts }: Pick<AnswerDeps, 'accounts'>,
): Promise<OwnPage | null | 'impossible'> {
  if (!(await accounts.mustLink(bandId, requester))) {
    return null;
  }
  const page = await accounts.linkPage(requester);
  return page === null ? 'impossible' : ownPage(page, words.answers.linkToGet(), words);
}

export function withPage(answer: Answer, page: OwnPage | null): Answer {
  return page === null ? answer : { ...answer, ownPage: page };
}

function ownPage({ url }: LinkPage, line: string, { buttons }: Words): OwnPage {
  return { kind: 'link', line, label: buttons.link, url };
}
