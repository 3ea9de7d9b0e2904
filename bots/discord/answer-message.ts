/** What people say to the bot, by a mention or in private: written into the ledger, or answered below it. */
import { Routes } from 'discord.js';
import type { Message, REST, RESTPostAPIChannelMessageJSONBody } from 'discord.js';
import { SendError } from '../../workflows/contract/chat-port.ts';
import { createTurns } from '../core/turns.ts';
import { toldInPrivate, toldToAll } from '../core/answer.ts';
import type { Answer, AnswerDeps } from '../core/answer.ts';
import { PLAIN_COMMANDS, PLAIN_SPLIT } from '../core/chat-command.ts';
import type { ReadCommand } from '../core/chat-command.ts';
import type { ChatSender } from '../core/chat-sender.ts';
import { isLink } from '../core/is-link.ts';
import { readCommand } from '../core/read-command.ts';
import { USUAL_LANGUAGE, wordsOf } from '../core/words/words-of.ts';
import { answerRead } from './answer-read.ts';
import type { From } from './answer-read.ts';
import { callDiscord } from './call-discord.ts';
import { buttonRows } from './card-message.ts';
import { inertText } from './inert-text.ts';
import { messageTexts } from './message-texts.ts';
import { offersFor } from './offer.ts';
import { actionVerb, isPrivate, messageAddress, requesterOf, songsOf } from './read-interaction.ts';
import type { SpokenWords } from './read-interaction.ts';

type Told = ReturnType<typeof toldInPrivate>;

export interface MessageAnswersDeps {
  readonly rest: REST;
  readonly botId: string;
  readonly deps: AnswerDeps;
  readonly sender: Pick<ChatSender, 'repeat'>;
}

/** A channel where we may not speak is not asked again for so long: each refusal counts against the bot. */
const SHUT_MS = 10 * 60_000;
const MOST_SHUT = 1000;

/** Says what is to be said of a message. */
export type Tell = () => Promise<void>;

/**
 * @returns what writes down what a message asks for, given what in it is for the bot: until it has resolved, nothing of it is
 *   certain, and it may be called again
 */
export function createMessageAnswers({
  rest,
  botId,
  deps,
  sender,
}: MessageAnswersDeps): (message: Message, spoken: SpokenWords) => Promise<Tell> {
  /** The time of the refusal, oldest first. */
  const shutMs = new Map<string, number>();
  /** What comes of an answer is known before the next in its channel. */
  const inTurn = createTurns();

  async function say(
    message: Message,
    lines: readonly string[],
    buttons: Answer['buttons'] = [],
    links: Told['links'] = [],
  ): Promise<void> {
    await inTurn(message.channelId, async () => {
      await sendAll(message, lines.map(inertText), buttonRows(buttons, links));
    });
  }

  async function sendAll(
    message: Message,
    lines: readonly string[],
    components: ReturnType<typeof buttonRows>,
  ): Promise<void> {
    const { id, channelId } = message;
    if (Date.now() - (shutMs.get(channelId) ?? Number.NEGATIVE_INFINITY) < SHUT_MS) return;
    const texts = messageTexts(lines);
    const below = { message_reference: { message_id: id, fail_if_not_exists: false } };
    for (const [index, content] of texts.entries()) {
      await send(message, {
        content,
        ...(index === 0 ? below : {}),
        ...(index === texts.length - 1 ? { components } : {}),
        allowed_mentions: { parse: [] },
        // One message has one answer, however often it is sent.
        nonce: index === 0 ? id : `${id}-${String(index)}`,
        enforce_nonce: true,
      });
    }
  }

  async function send(message: Message, body: RESTPostAPIChannelMessageJSONBody): Promise<void> {
    const { channelId } = message;
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

  /** Everybody reads what answers a message of a channel. */
  async function forChannel(
    answer: Answer,
    { address, requester }: Pick<From, 'address' | 'requester'>,
  ): Promise<Told> {
    const { settings } = await deps.bands.of(address, requester);
    const { answers } = wordsOf(settings.language ?? USUAL_LANGUAGE);
    return { lines: toldToAll(answer, answers.linkPrivately(deps.style.verb('jam link'))), links: [] };
  }

  /** "Our new take, @Woodshed split it please": the verb counts, and what comes behind it where that can be read. */
  function readTalk(words: readonly string[]): ReadCommand {
    const read = readCommand(words, deps.strategies);
    const verb = actionVerb(words);
    return 'failure' in read && verb !== null ? { command: PLAIN_COMMANDS[verb] } : read;
  }

  return async (message, { words, isTalk }) => {
    const songs = songsOf(message);
    const address = messageAddress(message, botId);
    const requester = requesterOf(message.author);
    const [only = '', ...more] = words;
    if (songs.length > 0 && words.length === 0 && isPrivate(message)) {
      const { settings } = await deps.bands.of(address, requester);
      const offers = offersFor(message.id, wordsOf(settings.language ?? USUAL_LANGUAGE));
      return async () => await say(message, [songs.map(({ name }) => name).join(', ')], offers);
    }
    const read: ReadCommand =
      words.length === 0
        ? { command: songs.length === 0 ? { kind: 'help' } : PLAIN_SPLIT }
        : isLink(only) && more.length === 0
          ? { command: { ...PLAIN_SPLIT, target: only } }
          : isTalk
            ? readTalk(words)
            : readCommand(words, deps.strategies);
    const answer = await answerRead(read, songs, { address, requester, eventKey: message.id }, deps);
    // In a channel the card has the button to one's own page.
    if (answer.kind === 'accepted' && (answer.ownPage === undefined || !isPrivate(message))) {
      return async () => await Promise.resolve();
    }
    const { lines, links } = isPrivate(message)
      ? toldInPrivate(answer)
      : await forChannel(answer, { address, requester });
    return async () => await say(message, lines, answer.buttons, links);
  };
}
