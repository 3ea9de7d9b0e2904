/** From Slack's commands, menus, buttons and messages to the ledger, or to an answer that only the asker sees. */
import type { WebClient } from '@slack/web-api';
import type { Language } from '../../workflows/contract/job-view.ts';
import type { ChatAddress, Requester } from '../../workflows/contract/request.ts';
import { answerCommand, pressAction } from '../core/answer-command.ts';
import { refused, toldInPrivate } from '../core/answer.ts';
import type { Answer, AnswerDeps } from '../core/answer.ts';
import { PLAIN_COMMANDS, PLAIN_SPLIT } from '../core/chat-command.ts';
import type { ReadCommand } from '../core/chat-command.ts';
import { MESSAGE_ACTIONS } from '../core/command-table.ts';
import type { MessageActionVerb } from '../core/command-table.ts';
import { createInBackground } from '../core/in-background.ts';
import { helpLines } from '../core/help-lines.ts';
import { isLink } from '../core/is-link.ts';
import { messageWords } from '../core/message-words.ts';
import { readCommand } from '../core/read-command.ts';
import { USUAL_LANGUAGE, wordsOf } from '../core/words/words-of.ts';
import { isNotInstalled } from './authorizer.ts';
import { callSlack } from './call-slack.ts';
import { answerBlocks } from './card-blocks.ts';
import type { SlackConnection } from './connect.ts';
import type { Song } from './files.ts';
import { bandsAtHome, homeView } from './home.ts';
import type { SongPage } from './home.ts';
import { createPersonNames } from './person-names.ts';
import {
  actionOf,
  addressIn,
  afterMention,
  commandSchema,
  directChatOf,
  isSpokenByPerson,
  messageSchema,
  pressSchema,
  requesterNamed,
  shortcutSchema,
  songsIn,
  triggerKey,
  typedText,
} from './read-event.ts';
import type { SlackMessage } from './read-event.ts';

/** What a message's menu entry is called between Slack and us. */
export function shortcutId(verb: MessageActionVerb): string {
  return `${verb}_message`;
}

/** Whoever asked alone sees an answer with a page of theirs. */
function answerInBlocks(answer: Answer): ReturnType<typeof answerBlocks> {
  const { lines, links } = toldInPrivate(answer);
  return answerBlocks(lines, answer.buttons, links);
}

interface From {
  readonly address: ChatAddress;
  readonly requester: Requester;
  readonly eventKey: string;
}

export interface SlackListening {
  /** Resolves once all answers that are under way are told, or after so long. */
  told(withinMs: number): Promise<void>;
}

/**
 * Registers everything that the app listens to. What could not be written down is not acknowledged: Slack sends events again, and tells
 * people that the app does not answer. What is told does not hold up the acknowledgement.
 */
export function listenTo(
  { app, clientOf }: Pick<SlackConnection, 'app' | 'clientOf'>,
  deps: AnswerDeps & { readonly songPage: SongPage },
  onError: (error: unknown) => void,
): SlackListening {
  const namesIn = createPersonNames();
  const answers = createInBackground(onError);

  app.error(async (error) => {
    // Where the app is not installed nobody is there to be told, and it will not be better the next time.
    if (isNotInstalled(error)) return;
    onError(error);
    throw error;
  });

  async function languageOf({ address, requester }: From): Promise<Language> {
    return (await deps.bands.of(address, requester)).settings.language ?? USUAL_LANGUAGE;
  }

  async function answerRead(read: ReadCommand, songs: readonly Song[], from: From): Promise<Answer> {
    if ('failure' in read) return refused(read.failure, await languageOf(from));
    return await answerCommand({ command: read.command, sources: songs, ...from }, deps);
  }

  /** Told once, and not worth sending the event again. With the client that cards go out with, which keeps Slack's waits. */
  function tell(from: From, answer: Answer, alwaysSay: boolean): void {
    if (answer.kind === 'accepted' && answer.ownPage === undefined && !alwaysSay) return;
    const { address, requester } = from;
    const place = {
      channel: address.chatId,
      ...(address.threadId === null ? {} : { thread_ts: address.threadId }),
      ...answerInBlocks(answer),
      parse: 'none' as const,
    };
    answers.begin(placeOf(address), async () => {
      const client = await clientOf(address.botId);
      await callSlack<unknown>(() =>
        answer.onlyForAsker && !address.chatId.startsWith('D')
          ? client.chat.postEphemeral({ ...place, user: requester.userId })
          : // oxlint-disable-next-line unicorn/require-post-message-target-origin -- this is no window's
            client.chat.postMessage({ ...place, unfurl_links: false, unfurl_media: false }),
      );
    });
  }

  app.command(/^\/(?:jam|split)$/u, async ({ ack, body }) => {
    const command = commandSchema.parse(body);
    const words = messageWords(typedText(command.text));
    const from: From = {
      address: addressIn(command.team_id, command.channel_id, undefined),
      requester: requesterNamed(command.user_id, command.user_name),
      eventKey: triggerKey(command.trigger_id),
    };
    const verb = command.command.replace(/^\//u, '');
    const answer = await answerRead(readCommand([verb, ...words], deps.strategies), [], from);
    // The one answer that needs no right to post in the channel.
    await ack({
      response_type: answer.onlyForAsker ? 'ephemeral' : 'in_channel',
      ...answerInBlocks(answer),
    });
  });

  for (const { verb } of MESSAGE_ACTIONS) {
    app.shortcut({ callback_id: shortcutId(verb), type: 'message_action' }, async ({ ack, body }) => {
      const shortcut = shortcutSchema.parse(body);
      const { team, user, channel, message } = shortcut;
      const from: From = {
        address: addressIn(team.id, channel.id, message.thread_ts),
        requester: requesterNamed(user.id, user.name),
        eventKey: triggerKey(shortcut.trigger_id),
      };
      const answer = await answerRead({ command: PLAIN_COMMANDS[verb] }, songsIn(message.files, team.id), from);
      await ack();
      tell(from, answer, false);
    });
  }

  app.action(/^v1:/u, async ({ ack, body, client }) => {
    const press = pressSchema.parse(body);
    const { team, user, channel, message, view } = press;
    // A page has no channel; answers go to the private chat with the app, or where one speaks to a user's id.
    const from: From = {
      address: addressIn(team.id, channel?.id ?? directChatOf(view) ?? user.id, message?.thread_ts),
      requester: requesterNamed(user.id, user.name ?? user.username),
      eventKey: triggerKey(press.trigger_id),
    };
    const answer = await pressAction({ actionId: actionOf(press), ...from }, deps);
    await ack();
    tell(from, answer, true);
    if (view?.type === 'home') showHome(client, from, directChatOf(view));
  });
  // A link's button is pressed too; the browser does the rest.
  app.action(/^link:/u, async ({ ack }) => await ack());

  async function onSpoken(message: SlackMessage, text: string, teamId: string, client: WebClient): Promise<void> {
    const words = messageWords(text);
    const songs = songsIn(message.files, teamId);
    const userId = message.user ?? '';
    const from: From = {
      address: addressIn(teamId, message.channel, message.thread_ts),
      requester: requesterNamed(userId, await namesIn(teamId)(client, userId)),
      eventKey: `message-${message.channel}-${message.ts}`,
    };
    const [only = '', ...more] = words;
    const read: ReadCommand =
      words.length === 0
        ? { command: songs.length === 0 ? { kind: 'help' } : PLAIN_SPLIT }
        : isLink(only) && more.length === 0
          ? { command: { ...PLAIN_SPLIT, target: only } }
          : readCommand(words, deps.strategies);
    // Slack's three seconds may have passed, and not everything that can be asked for is a job, which the ledger takes once.
    const event = { platform: 'slack', botId: teamId, eventKey: from.eventKey } as const;
    const answer = await deps.inbox.once(event, async () => await answerRead(read, songs, from));
    if (answer !== null) tell(from, answer, false);
  }

  app.event('app_mention', async ({ event, body, context, client }) => {
    const message = messageSchema.parse(event);
    // A mention in a private chat with the app comes as a message, too.
    if (!isSpokenByPerson(message) || message.channel.startsWith('D')) return;
    const text = afterMention(message.text, context.botUserId ?? '') ?? '';
    // In a channel that workspaces share, the event may bear the speaker's workspace.
    await onSpoken(message, text, context.teamId ?? body.team_id, client);
  });

  app.event('message', async ({ event, body, context, client }) => {
    const message = messageSchema.safeParse(event);
    if (!message.success || message.data.channel_type !== 'im' || !isSpokenByPerson(message.data)) return;
    const text = afterMention(message.data.text, context.botUserId ?? '') ?? typedText(message.data.text);
    await onSpoken(message.data, text, context.teamId ?? body.team_id, client);
  });

  function showHome(
    client: WebClient,
    { address, requester }: Omit<From, 'eventKey'>,
    directChat: string | null,
  ): void {
    answers.begin(placeOf(address), async () => {
      const bands = await bandsAtHome(requester, deps);
      const help = helpLines(wordsOf(bands[0]?.language ?? USUAL_LANGUAGE), deps.strategies, deps.style);
      const view = homeView(bands, help, directChat, deps.songPage);
      await callSlack(() => client.views.publish({ user_id: requester.userId, view }));
    });
  }

  app.event('app_home_opened', async ({ event, body, context, client }) => {
    const address = addressIn(context.teamId ?? body.team_id, event.channel, undefined);
    const requester = requesterNamed(event.user, null);
    if (event.tab === 'home') showHome(client, { address, requester }, event.channel);
    await Promise.resolve();
  });

  return { told: async (withinMs) => await answers.ended(withinMs) };
}

function placeOf({ botId, chatId }: ChatAddress): string {
  return `${botId}/${chatId}`;
}
