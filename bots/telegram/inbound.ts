/** From a Telegram update to the ledger, or to an answer in the chat. */
import type { Api } from 'grammy';
import type { Update, UserFromGetMe } from 'grammy/types';
import type { Language } from '../../workflows/contract/job-view.ts';
import { MESSAGE_ACTIONS } from '../core/command-table.ts';
import { PLAIN_COMMANDS } from '../core/chat-command.ts';
import { answerCommand, pressAction } from '../core/answer-command.ts';
import { refused, toldInPrivate } from '../core/answer.ts';
import type { Answer, AnswerDeps } from '../core/answer.ts';
import type { ChatSender } from '../core/chat-sender.ts';
import { createInBackground } from '../core/in-background.ts';
import { isLink } from '../core/is-link.ts';
import { refuseLargeSong } from '../core/large-song.ts';
import { USUAL_LANGUAGE, wordsOf } from '../core/words/words-of.ts';
import { createAlbums } from './albums.ts';
import { answerWords } from './answer-words.ts';
import { readUpdate } from './read-update.ts';
import type { Said, Song, TelegramEvent } from './read-update.ts';
import { keyboardRows } from './card-text.ts';
import { createReplies, isToldByCards, linkKeyboard } from './reply.ts';
import type { SayOptions } from './reply.ts';
import { linkingAddress, telegramDeps } from './telegram-deps.ts';

export interface TelegramInbound {
  /** Once it resolves the update may be confirmed. Rejects where nothing was written down: it must come again. */
  handle(update: Update): Promise<void>;
  /** Goes on with what a process that died had begun. */
  resume(): Promise<void>;
  /** Resolves once all answers that are under way are told, or after so long. */
  told(withinMs: number): Promise<void>;
  stop(): void;
}

export interface InboundOptions {
  readonly api: Api;
  readonly me: UserFromGetMe;
  readonly deps: AnswerDeps;
  readonly sender: Pick<ChatSender, 'call'>;
  /** The Bot API server is one's own. */
  readonly isLocal: boolean;
  readonly onError: (error: unknown) => void;
}

const OFFER = /^offer:([a-z]+)$/u;

export function createInbound({ api, me, sender, isLocal, onError, ...given }: InboundOptions): TelegramInbound {
  const deps = telegramDeps(given.deps, me, isLocal);
  const replies = createReplies({ api, sender });
  const answers = createInBackground(onError);
  const albums = createAlbums(String(me.id), deps, say, onError);

  /** No update waits for it: what is told is not worth its redelivery, that would do the work again. */
  function say(said: Pick<Said, 'address' | 'messageId'>, lines: readonly string[], options?: SayOptions): void {
    answers.begin(said.address.chatId, async () => await replies.say(said, lines, options));
  }

  /** Of a press, which whoever pressed looks at: it waits for nothing that is told in its chat. */
  function tellPress(queryId: string, telling: () => Promise<void>): void {
    answers.begin(`press ${queryId}`, telling);
  }

  async function handleEvent(event: TelegramEvent): Promise<void> {
    switch (event.kind) {
      case 'command':
        await sayAnswer(event, event.words, event.song);
        return;
      case 'song':
        await offer(event);
        return;
      case 'album-song': {
        const told = await albums.add(event);
        if (told !== null) say(event, told.answer.lines, told);
        return;
      }
      case 'press':
        await press(event);
        return;
      case 'talk':
        // In private a link alone is a song too; anything else gets the list of what can be said.
        await sayAnswer(event, isLink(event.words[0] ?? '') ? event.words : ['help'], null);
        return;
      case 'no-song':
        await refuseNoSong(event);
        return;
      case 'moved':
        await deps.bands.moveChat(
          { platform: 'telegram', botId: String(me.id), chatId: event.fromChatId },
          event.toChatId,
        );
    }
  }

  async function refuseNoSong(said: Said): Promise<void> {
    const { platform, botId } = said.address;
    const language = await deps.inbox.once({ platform, botId, eventKey: said.eventKey }, async () => {
      return await languageOf(said);
    });
    if (language !== null) say(said, refused({ code: 'not-audio', facts: {} }, language).lines);
  }

  async function sayAnswer(said: Said, words: readonly string[], song: Song | null): Promise<void> {
    const { platform, botId } = said.address;
    const once = await deps.inbox.once({ platform, botId, eventKey: said.eventKey }, async () => {
      return await answerWords(said, words, song, deps);
    });
    if (once === null) return;
    const { answer: answered, isOurs } = once;
    const answer = said.isPrivate ? answered : await forGroup(answered, said);
    if (isToldByCards(answer)) return;
    const { lines, links } = toldInPrivate(answer);
    const { copyable = [] } = answer;
    say(said, lines, { isOurs, copyable, ...linkKeyboard(links) });
  }

  /** In a group everybody reads an answer: each gets to their own page in private. */
  async function forGroup({ ownPage, ...answer }: Answer, said: Said): Promise<Answer> {
    // A song's card has the button.
    if (ownPage === undefined || answer.kind === 'accepted') return answer;
    if (ownPage.kind === 'upload') return { ...answer, ownPage };
    const { linkInPrivate } = wordsOf(await languageOf(said)).answers;
    return { ...answer, ownPage: { ...ownPage, line: linkInPrivate(), url: linkingAddress(me) } };
  }

  async function languageOf({ address, requester }: Said): Promise<Language> {
    return (await deps.bands.of(address, requester)).settings.language ?? USUAL_LANGUAGE;
  }

  /** A song without a word: the buttons say what can be done with it; nothing where it is too large. */
  async function offer(event: Extract<TelegramEvent, { kind: 'song' }>): Promise<void> {
    const language = await languageOf(event);
    const large = refuseLargeSong(event.song, deps.songLimits, language);
    if (large !== null) {
      await sayAnswer(event, ['split'], event.song);
      return;
    }
    const words = wordsOf(language);
    const offers = MESSAGE_ACTIONS.map(({ verb }) => ({
      text: words.messageActions[verb],
      callback_data: `offer:${verb}`,
    }));
    say(event, [event.song.name], { keyboard: { inline_keyboard: keyboardRows(offers) } });
  }

  async function press(event: Extract<TelegramEvent, { kind: 'press' }>): Promise<void> {
    const { address, requester, data, queryId, replied, messageId } = event;
    const [, typed] = OFFER.exec(data) ?? [];
    const verb = MESSAGE_ACTIONS.find((action) => action.verb === typed)?.verb;
    const answer =
      verb !== undefined
        ? await answerCommand(
            {
              command: PLAIN_COMMANDS[verb],
              sources: replied === null ? [] : [replied.song],
              address,
              requester,
              // However often it is pressed, on however many offers of a redelivered song: it is one request at a time.
              eventKey: `offer-${address.chatId}-${String(replied?.messageId ?? messageId)}-${verb}`,
              pressKey: event.eventKey,
            },
            deps,
          )
        : await pressAction({ actionId: data, address, requester }, deps);
    const { lines, links } = toldInPrivate(answer);
    if (links.length === 0) tellPress(queryId, async () => await replies.toast(queryId, lines));
    else if (!event.isPrivate) tellPress(queryId, async () => await replies.open(queryId, linkingAddress(me)));
    else {
      tellPress(queryId, async () => await replies.toast(queryId, []));
      say(event, lines, linkKeyboard(links));
    }
  }

  return {
    async handle(update) {
      const event = readUpdate(update, me);
      if (event !== null) await handleEvent(event);
    },
    resume: () => albums.resume(),
    told: async (withinMs) => await answers.ended(withinMs),
    stop: () => albums.stop(),
  };
}
