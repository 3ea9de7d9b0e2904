/** What people say to the bot, by a mention or in private: written into the ledger, or answered below it. */
import { Routes } from 'discord.js';
import type { Message, REST } from 'discord.js';
import { SendError } from '../../workflows/contract/chat-port.ts';
import type { Answer, AnswerDeps } from '../core/answer.ts';
import { PLAIN_SPLIT } from '../core/chat-command.ts';
import type { ReadCommand } from '../core/chat-command.ts';
import type { ChatSender } from '../core/chat-sender.ts';
import { isLink } from '../core/is-link.ts';
import { readCommand } from '../core/read-command.ts';
import { USUAL_LANGUAGE, wordsOf } from '../core/words/words-of.ts';
import { answerRead } from './answer-read.ts';
import { callDiscord } from './call-discord.ts';
import { buttonRows } from './card-message.ts';
import { inertText } from './inert-text.ts';
import { CONTENT_LIMIT, offersFor } from './offer.ts';
import { isPrivate, messageAddress, requesterOf, songsOf } from './read-interaction.ts';

export interface MessageAnswersDeps {
  readonly rest: REST;
  readonly botId: string;
  readonly deps: AnswerDeps;
  readonly sender: Pick<ChatSender, 'repeat'>;
}

/** A channel where we may not speak is not asked again for so long: each refusal counts against the bot. */
const SHUT_MS = 10 * 60_000;
const MOST_SHUT = 1000;

/** @returns what answers a message, given the words in it that are for the bot */
export function createMessageAnswers({
  rest,
  botId,
  deps,
  sender,
}: MessageAnswersDeps): (message: Message, words: readonly string[]) => Promise<void> {
  /** The time of the refusal, oldest first. */
  const shutMs = new Map<string, number>();
  /** The last answer in each channel that is under way: what comes of it is known before the next. */
  const turns = new Map<string, Promise<void>>();

  async function say(message: Message, content: string, buttons: Answer['buttons'] = []): Promise<void> {
    const { channelId } = message;
    const before = turns.get(channelId) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(async () => await send(message, content, buttons));
    turns.set(channelId, turn);
    try {
      await turn;
    } finally {
      if (turns.get(channelId) === turn) turns.delete(channelId);
    }
  }

  async function send(message: Message, content: string, buttons: Answer['buttons']): Promise<void> {
    const { id, channelId } = message;
    if (Date.now() - (shutMs.get(channelId) ?? Number.NEGATIVE_INFINITY) < SHUT_MS) return;
    const body = {
      content: content.slice(0, CONTENT_LIMIT),
      components: buttonRows(buttons),
      allowed_mentions: { parse: [] },
      message_reference: { message_id: id, fail_if_not_exists: false },
      // One message has one answer, however often it is sent.
      nonce: id,
      enforce_nonce: true,
    };
    try {
      await sender.repeat(messageAddress(message, botId), async () => {
        await callDiscord(async () => await rest.post(Routes.channelMessages(channelId), { body }));
      });
    } catch (error) {
      if (error instanceof SendError && error.outcome === 'gone') shut(channelId);
      throw error;
    }
  }

  function shut(channelId: string): void {
    shutMs.delete(channelId);
    shutMs.set(channelId, Date.now());
    const [oldest] = shutMs.keys();
    if (shutMs.size > MOST_SHUT && oldest !== undefined) shutMs.delete(oldest);
  }

  return async (message, words) => {
    const songs = songsOf(message);
    const address = messageAddress(message, botId);
    const requester = requesterOf(message.author);
    const [only = '', ...more] = words;
    if (songs.length > 0 && words.length === 0 && isPrivate(message)) {
      const { settings } = await deps.bands.of(address, requester);
      const offers = offersFor(message.id, wordsOf(settings.language ?? USUAL_LANGUAGE));
      await say(message, songs.map(({ name }) => inertText(name)).join(', '), offers);
      return;
    }
    const read: ReadCommand =
      words.length === 0
        ? { command: songs.length === 0 ? { kind: 'help' } : PLAIN_SPLIT }
        : isLink(only) && more.length === 0
          ? { command: { ...PLAIN_SPLIT, target: only } }
          : readCommand(words, deps.strategies);
    const answer = await answerRead(read, songs, { address, requester, eventKey: message.id }, deps);
    if (answer.kind !== 'accepted') await say(message, answer.lines.map(inertText).join('\n'), answer.buttons);
  };
}
