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
}

/** To be called before the client connects. */
export function listenTo({ client, rest, botId, deps, sender, places, onError }: DiscordInboundOptions): void {
  const heard = createHeardEvents();
  let leftOffMs: number | null = null;
  const answerMessage = createMessageAnswers({ rest, botId, deps, sender });
  const catchUp = createCatchUp({
    client,
    botId,
    places: async () => await places.list(botId),
    isWritten: async (messageId) => await places.isWritten(botId, messageId),
    hear: onMessage,
    sender,
    onError,
  });

  async function onMessage(message: Message): Promise<void> {
    if (!heard.note(message.id)) return;
    // Our own words, other bots, webhooks and bridges: two of them would talk for ever.
    if (message.author.bot || message.webhookId !== null || message.system) return;
    const words = wordsToBot(message, botId);
    if (words !== null) await guarded(async () => await answerMessage(message, words));
  }

  async function guarded(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      onError(error);
    }
  }

  client.on('interactionCreate', (interaction: Interaction) => {
    // A session that is resumed may tell again what it told.
    if (heard.note(interaction.id)) void guarded(async () => await answerInteraction(interaction, deps));
  });
  client.on('messageCreate', (message: Message) => void onMessage(message));
  client.on('shardReconnecting', () => {
    leftOffMs = heard.newestMs;
  });
  // Of a session that was resumed nothing is missing.
  client.on('shardReady', () => void guarded(async () => await catchUp(leftOffMs)));
}
