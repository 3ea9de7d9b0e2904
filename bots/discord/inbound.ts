/** From Discord's events to the ledger, or to an answer. */
import type { Client, Interaction, Message, REST } from 'discord.js';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import type { AnswerDeps } from '../core/answer.ts';
import type { ChatSender } from '../core/chat-sender.ts';
import { answerInteraction } from './answer-interaction.ts';
import { createMessageAnswers } from './answer-message.ts';
import { createCatchUp } from './catch-up.ts';
import { createHeardEvents } from './heard-events.ts';
import { wordsToBot } from './read-interaction.ts';
import type { SpokenWords } from './read-interaction.ts';
import { createWordsReader } from './read-words-attachment.ts';
import { createSureTurns, TooManyWaitError } from './sure-turns.ts';

/** What the database knows of earlier messages. */
export interface SpokenPlaces {
  /** Where this bot was spoken to, the latest first. */
  list(botId: string): Promise<readonly ChatAddress[]>;
  /** Whether the message became an event of the inbound ledger. */
  isWritten(botId: string, eventKey: string): Promise<boolean>;
}

export interface DiscordInboundOptions {
  readonly client: Pick<Client, 'on' | 'channels'>;
  readonly rest: REST;
  readonly botId: string;
  readonly deps: AnswerDeps;
  readonly sender: Pick<ChatSender, 'repeat'>;
  readonly places: SpokenPlaces;
  readonly onError: (error: unknown) => void;
  /** See `openDiscordAttachment`. */
  readonly ownHost: string | null;
}

export interface DiscordListening {
  /** For when the connection is closed: resolves once what was heard has been written down and answered. */
  stop(): Promise<void>;
}

/** To be called before the client connects. */
export function listenTo(options: DiscordInboundOptions): DiscordListening {
  const { client, rest, botId, deps, sender, places, onError } = options;
  const heard = createHeardEvents();
  const underWay = new Set<Promise<void>>();
  const stopping = new AbortController();
  const written = createSureTurns({ onError, stopping: stopping.signal });
  let leftOffMs: number | null = null;
  /** When the first message was written for which there was no room; in Discord's time. */
  let missedSinceMs: number | null = null;
  const readWords = createWordsReader(rest, options.ownHost);
  const answerMessage = createMessageAnswers({ rest, botId, deps, sender });
  const catchUp = createCatchUp({
    client,
    botId,
    places: async () => await written.surely(async () => await places.list(botId)),
    isWritten: async (messageId) => await written.surely(async () => await places.isWritten(botId, messageId)),
    hear: onMessage,
    sender,
    onError,
    stopping: stopping.signal,
  });

  async function onMessage(message: Message): Promise<void> {
    if (!heard.note(message.id)) return;
    // Our own words, other bots, webhooks and bridges: two of them would talk for ever.
    if (message.author.bot || message.webhookId !== null || message.system) return;
    const spoken = wordsToBot(message, botId);
    if (spoken === null) return;
    await begin(async () => {
      const tell = await writeDown(message, spoken);
      await tell();
    });
  }

  async function writeDown(message: Message, spoken: SpokenWords): ReturnType<typeof answerMessage> {
    try {
      return await written.run(message.channelId, async () => await answerMessage(message, spoken));
    } catch (error) {
      if (error instanceof TooManyWaitError) {
        heard.forget(message.id);
        missedSinceMs ??= message.createdTimestamp;
      }
      throw error;
    } finally {
      if (written.waiting === 0) findMissed();
    }
  }

  /** Those for which there was no room stand in the channels still. */
  function findMissed(): void {
    const sinceMs = missedSinceMs;
    missedSinceMs = null;
    if (sinceMs !== null) void begin(async () => await catchUp(sinceMs));
  }

  async function begin(work: () => Promise<unknown>): Promise<void> {
    const done = work().then(() => undefined, onError);
    underWay.add(done);
    await done;
    underWay.delete(done);
  }

  client.on('interactionCreate', (interaction: Interaction) => {
    // A session that is resumed may tell again what it told.
    if (heard.note(interaction.id))
      void begin(async () => await answerInteraction(interaction, { ...deps, readWords }));
  });
  client.on('messageCreate', (message: Message) => void onMessage(message));
  client.on('shardReconnecting', () => {
    leftOffMs = heard.newestMs;
  });
  // Of a session that was resumed nothing is missing.
  client.on('shardReady', () => void begin(async () => await catchUp(leftOffMs)));

  return {
    async stop() {
      stopping.abort();
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
