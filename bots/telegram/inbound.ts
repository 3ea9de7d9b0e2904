/** From a Telegram update to the ledger, or to an answer in the chat. */
import type { Api } from 'grammy';
import type { Update, UserFromGetMe } from 'grammy/types';
import type { Language } from '../../workflows/contract/job-view.ts';
import { MESSAGE_ACTIONS } from '../core/command-table.ts';
import { PLAIN_SPLIT } from '../core/chat-command.ts';
import { answerCommand, pressAction } from '../core/answer-command.ts';
import type { Answer, AnswerDeps } from '../core/answer.ts';
import { failureReply } from '../core/failure-reply.ts';
import { isLink } from '../core/is-link.ts';
import { readCommand } from '../core/read-command.ts';
import { USUAL_LANGUAGE, wordsOf } from '../core/words/words-of.ts';
import { createAlbums } from './albums.ts';
import { readUpdate } from './read-update.ts';
import type { Said, Song, TelegramEvent } from './read-update.ts';
import { createReplies, spokenLines } from './reply.ts';

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
  readonly onError: (error: unknown) => void;
}

const OFFER = /^offer:([a-z]+)$/u;

export function createInbound({ api, me, deps, onError }: InboundOptions): TelegramInbound {
  const replies = createReplies(api);
  const albums = createAlbums(String(me.id), deps, onError);

  /** What is told is not worth an update's redelivery: that would do the work again. */
  async function tell(telling: Promise<void>): Promise<void> {
    await telling.catch(onError);
  }

  async function handleEvent(event: TelegramEvent): Promise<void> {
    switch (event.kind) {
      case 'command':
        await sayAnswer(event, await answerWords(event, event.words, event.song));
        return;
      case 'song':
        await offer(event);
        return;
      case 'album-song': {
        const lines = await albums.add(event);
        if (lines !== null) await tell(replies.say(event, lines));
        return;
      }
      case 'press':
        await press(event);
        return;
      case 'talk':
        await sayAnswer(event, await answerTalk(event));
        return;
      case 'moved':
        await deps.bands.moveChat(
          { platform: 'telegram', botId: String(me.id), chatId: event.fromChatId },
          event.toChatId,
        );
    }
  }

  async function sayAnswer(said: Said, answer: Answer): Promise<void> {
    const lines = spokenLines(answer);
    if (lines !== null) await tell(replies.say(said, lines));
  }

  async function answerWords(said: Said, words: readonly string[], song: Song | null): Promise<Answer> {
    const read = readCommand(words, deps.strategies);
    if ('failure' in read) {
      const language = await languageOf(said);
      return {
        kind: 'refused',
        failure: read.failure,
        lines: [failureReply(read.failure, language)],
        buttons: [],
        onlyForAsker: true,
      };
    }
    const { address, requester, eventKey } = said;
    const sources = song === null ? [] : [song];
    return await answerCommand({ command: read.command, sources, address, requester, eventKey }, deps);
  }

  /** In private a link alone is a song too; anything else gets the list of what can be said. */
  async function answerTalk(event: Extract<TelegramEvent, { kind: 'talk' }>): Promise<Answer> {
    const [first = '', ...rest] = event.words;
    const { address, requester, eventKey } = event;
    const command =
      isLink(first) && rest.length === 0 ? ({ ...PLAIN_SPLIT, target: first } as const) : ({ kind: 'help' } as const);
    return await answerCommand({ command, sources: [], address, requester, eventKey }, deps);
  }

  async function languageOf({ address, requester }: Said): Promise<Language> {
    return (await deps.bands.of(address, requester)).settings.language ?? USUAL_LANGUAGE;
  }

  /** A song without a word: the buttons say what can be done with it. */
  async function offer(event: Extract<TelegramEvent, { kind: 'song' }>): Promise<void> {
    const words = wordsOf(await languageOf(event));
    const keyboard = MESSAGE_ACTIONS.map(({ verb }) => [
      { text: words.messageActions[verb], callback_data: `offer:${verb}` },
    ]);
    await tell(replies.say(event, [event.song.name], { inline_keyboard: keyboard }));
  }

  async function press(event: Extract<TelegramEvent, { kind: 'press' }>): Promise<void> {
    const { address, requester, data, queryId, song, messageId } = event;
    const [, verb] = OFFER.exec(data) ?? [];
    const answer =
      verb === 'split'
        ? await answerCommand(
            {
              command: PLAIN_SPLIT,
              sources: song === null ? [] : [song],
              address,
              requester,
              // However often it is pressed: one message with an offer is one request.
              eventKey: `offer-${address.chatId}-${String(messageId)}-${verb}`,
            },
            deps,
          )
        : await pressAction({ actionId: data, address, requester }, deps);
    await tell(replies.toast(queryId, answer.lines));
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
