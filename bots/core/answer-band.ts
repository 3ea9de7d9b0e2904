/** `/jam`: which chats make a band, what it usually gets, what is left of its shares. */
import type { BandView } from '../../workflows/contract/band.ts';
import { displayTitle } from '../../workflows/contract/display-title.ts';
import type { TabPreferences } from '../../workflows/contract/tab.ts';
import { answerLink } from './answer-link.ts';
import { toAll, toAsker } from './answer.ts';
import type { Answer, AnswerDeps, IncomingCommand } from './answer.ts';
import type { ChatCommand } from './chat-command.ts';
import { YES_OR_NO } from './command-table.ts';
import { tabLines } from './answer-mine.ts';
import { formatDuration } from './duration.ts';
import type { Share } from './jobs.ts';
import { USUAL_LANGUAGE, wordsOf } from './words/words-of.ts';
import type { Words } from './words/words.ts';

type BandCommand = Extract<
  ChatCommand,
  { kind: 'band-create' | 'band-code' | 'band-join' | 'band-leave' | 'settings' | 'status' }
>;

export async function answerBand(
  { address, requester }: IncomingCommand,
  command: BandCommand,
  band: BandView,
  deps: AnswerDeps,
): Promise<Answer> {
  const { bands } = deps;
  const words = wordsOf(band.settings.language ?? USUAL_LANGUAGE);
  switch (command.kind) {
    case 'band-create': {
      const name = command.name ?? displayTitle(requester.displayName);
      const created = await bands.create(address, requester, name);
      const answer = toAll([words.answers.bandCreated(created.name)]);
      // Where a link joins it the next chat is one tap away; elsewhere a code is for whoever asks for it.
      return deps.style.joinLinks === null
        ? answer
        : { ...answer, copyable: await invitation({ address, requester }, words, deps) };
    }
    case 'band-code': {
      const lines = await invitation({ address, requester }, words, deps);
      // Whoever reads it may join: only the asker sees it.
      return deps.style.joinLinks === null ? toAsker(lines) : { ...toAsker([]), copyable: lines };
    }
    case 'band-join':
      return await join(command.code, { address, requester }, words, deps);
    case 'band-leave': {
      const left = await bands.leave(address, requester);
      return toAll([words.answers.bandLeft(left.name)]);
    }
    case 'settings':
      // Who is not vouched for does not say who is.
      return command.changes.inviteOnly !== undefined && (await deps.accounts.mustLink(band.id, requester))
        ? await answerLink(requester, { kind: 'link', code: null }, words, deps)
        : await settings(command, band, { address, requester }, deps);
    case 'status':
      return await status(band, requester, words, deps);
  }
}

/** A new code with every way to use it. */
async function invitation(
  { address, requester }: Pick<IncomingCommand, 'address' | 'requester'>,
  { answers }: Words,
  { bands, style }: AnswerDeps,
): Promise<readonly string[]> {
  const { code, expiresAt } = await bands.invite(address, requester);
  const minutes = Math.max(1, Math.round((expiresAt.getTime() - Date.now()) / 60_000));
  const links = style.joinLinks?.(code);
  return [
    answers.bandCode(code, minutes, `${style.verb('jam band join')} ${code}`),
    ...(links === undefined ? [] : [answers.joinByLink(links.alone), answers.joinGroupByLink(links.group)]),
  ];
}

async function join(
  code: string,
  { address, requester }: Pick<IncomingCommand, 'address' | 'requester'>,
  { answers }: Words,
  { bands }: AnswerDeps,
): Promise<Answer> {
  const joined = await bands.join(address, requester, code);
  switch (joined.kind) {
    case 'joined': {
      const own = wordsOf(joined.band.settings.language ?? USUAL_LANGUAGE).answers;
      return toAll([own.bandJoined(joined.band.name, joined.band.chats)]);
    }
    case 'unknown':
      return toAsker([answers.codeUnknown()]);
    case 'expired':
      return toAsker([answers.codeExpired()]);
    case 'used':
      return toAsker([answers.codeUsed()]);
    case 'already':
      return toAsker([answers.joinedAlready()]);
    case 'wait':
      return toAsker([answers.tooManyCodes(formatDuration(joined.freeInSeconds))]);
  }
}

async function settings(
  { changes, tab }: Extract<ChatCommand, { kind: 'settings' }>,
  band: BandView,
  who: Pick<IncomingCommand, 'address' | 'requester'>,
  deps: AnswerDeps,
): Promise<Answer> {
  if (Object.keys({ ...changes, ...tab }).length === 0) {
    const usual = await deps.tabs.usual(who);
    return toAsker(settingLines(band, usual.band, deps));
  }
  const saved = Object.keys(changes).length === 0 ? band : await deps.bands.saveSettings(band.id, changes);
  const preferred = await deps.tabs.saveBand(band.id, tab);
  const words = wordsOf(saved.settings.language ?? USUAL_LANGUAGE);
  return toAll([words.answers.saved(), ...settingLines(saved, preferred, deps)]);
}

function settingLines(
  { name, settings: chosen }: BandView,
  preferred: TabPreferences,
  { defaults, style }: AnswerDeps,
): string[] {
  const { answers } = wordsOf(chosen.language ?? USUAL_LANGUAGE);
  const usual = { ...defaults, language: USUAL_LANGUAGE };
  const lines = (['strategy', 'quality', 'format', 'language'] as const).map((setting) =>
    style.option({ name: setting }, chosen[setting] ?? answers.usual(usual[setting])),
  );
  const invited = style.option({ name: 'inviteonly' }, YES_OR_NO[chosen.inviteOnly ? 0 : 1]);
  const tab = tabLines([{ preferences: preferred, say: (value) => value }], answers, style);
  return [answers.settings(name), ...lines, invited, ...tab];
}

async function status(
  band: BandView,
  requester: IncomingCommand['requester'],
  { answers }: Words,
  { shares }: AnswerDeps,
): Promise<Answer> {
  const left = await shares.left(band.id, requester);
  if (left === null) return toAsker([answers.noShares()]);
  const { jobs, audioMinutes, megabytes } = left;
  function line(share: Share, say: (left: number, limit: number) => string): string {
    const rest = say(Math.max(0, Math.floor(share.left)), share.limit);
    return share.freeInSeconds === null ? rest : `${rest}; ${answers.moreIn(formatDuration(share.freeInSeconds))}`;
  }
  return toAsker([
    answers.shares(band.name),
    line(jobs, answers.jobsLeft),
    line(audioMinutes, answers.minutesLeft),
    line(megabytes, answers.megabytesLeft),
  ]);
}
