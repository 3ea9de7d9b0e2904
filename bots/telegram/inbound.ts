/** From a Telegram update to the ledger, or to an answer in the chat. */
import type { Api } from 'grammy';
import type { Update, UserFromGetMe } from 'grammy/types';
import type { Language } from '../../workflows/contract/job-view.ts';
import { MESSAGE_ACTIONS } from '../core/command-table.ts';
import { PLAIN_COMMANDS } from '../core/chat-command.ts';
import { answerCommand, pressAction } from '../core/answer-command.ts';
import { toldInPrivate } from '../core/answer.ts';
import type { Answer, AnswerDeps } from '../core/answer.ts';
import type { ChatSender } from '../core/chat-sender.ts';
import { isLink } from '../core/is-link.ts';
import { refuseLargeSong } from '../core/large-song.ts';
import { USUAL_LANGUAGE, wordsOf } from '../core/words/words-of.ts';
import { createAlbums } from './albums.ts';
import { answerWords } from './answer-words.ts';
import { readUpdate } from './read-update.ts';
import type { Said, Song, TelegramEvent } from './read-update.ts';
import { keyboardRows } from './card-text.ts';
import { createReplies, isToldByCards, linkKeyboard } from './reply.ts';
import { linkingAddress, telegramDeps } from './telegram-deps.ts';

export interface TelegramInbound {
  /** Once it resolves the update may be confirmed. Rejects where nothing was written down: it must come again. */
  handle(update: Update): Promise<void>;
  /** Goes on with what a process that died had begun. */
  resume(): Promise<void>;
  stop(): void;
}

export interface InboundOptions {
  readonly api: Api;
  readonly me: UserFromGetMe;
  readonly deps: AnswerDeps;
  readonly sender: Pick<ChatSender, 'call' | 'lane'>;
  /** The Bot API server is one's own. */
  readonly isLocal: boolean;
  readonly onError: (error: unknown) => void;
}

const OFFER = /^offer:([a-z]+)$/u;

export function createInbound({ api, me, sender, isLocal, onError, ...given }: InboundOptions): TelegramInbound {
  const deps = telegramDeps(given.deps, me, isLocal);
  const replies = createReplies({ api, sender, onError });
  const albums = createAlbums(String(me.id), deps, replies, onError);

  /** What is told is not worth an update's redelivery: that would do the work again. */
  async function tell(telling: Promise<void>): Promise<void> {
    await telling.catch(onError);
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
        if (told !== null) await tell(replies.say(event, told.answer.lines, told));
        return;
      }
      case 'press':
        await press(event);
        return;
      case 'talk':
        // In private a link alone is a song too; anything else gets the list of what can be said.
        await sayAnswer(event, isLink(event.words[0] ?? '') ? event.words : ['help'], null);
        return;
      case 'moved':
        await deps.bands.moveChat(
          { platform: 'telegram', botId: String(me.id), chatId: event.fromChatId },
          event.toChatId,
        );
    }
  }

  async function sayAnswer(said: Said, words: readonly string[], song: Song | null): Promise<void> {
    const { answer: answered, isOurs } = await answerWords(said, words, song, deps);
    const answer = said.isPrivate ? answered : await forGroup(answered, said);
    if (isToldByCards(answer)) return;
    const { lines, links } = toldInPrivate(answer);
    const { copyable = [] } = answer;
    await tell(replies.say(said, lines, { isOurs, copyable, ...linkKeyboard(links) }));
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
    await tell(replies.say(event, [event.song.name], { keyboard: { inline_keyboard: keyboardRows(offers) } }));
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
    if (links.length === 0) await tell(replies.toast(queryId, lines));
    else if (!event.isPrivate) await tell(replies.open(queryId, linkingAddress(me)));
    else {
      await tell(replies.toast(queryId, []));
      await tell(replies.say(event, lines, linkKeyboard(links)));
    }
  }

  return {
    async handle(update) {
      const event = readUpdate(update, me);
      if (event !== null) await handleEvent(event);
    },
    resume: () => albums.resume(),
    stop: () => albums.stop(),
  };
}
