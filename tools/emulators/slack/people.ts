/** What people do in the workspaces, as the app hears of it. */
import type { Acted, PersonAction, PersonFile } from '../core/emulator.ts';
import { takeAnswer } from './answers.ts';
import { nowSeconds } from './emulation.ts';
import type { SlackEmulation } from './emulation.ts';
import { writeTyped } from './mrkdwn.ts';
import { AS_MRKDWN, post, remove, revise } from './posts.ts';
import { press } from './press.ts';
import { actedOn, identify, interact, messagePayload, personOf, placeOf } from './interact.ts';
import type { Workspace } from './world.ts';

type Of<Kind extends PersonAction['kind']> = Extract<PersonAction, { kind: Kind }>;

/** @throws RangeError where Slack has no such thing, or does not let this person do it there */
export function act(emulation: SlackEmulation, action: PersonAction): Acted {
  switch (action.kind) {
    case 'message':
      return sayMessage(emulation, action);
    case 'command':
      return typeCommand(emulation, action);
    case 'shortcut':
      return chooseShortcut(emulation, action);
    case 'press':
      return press(emulation, action);
    case 'edit':
    case 'delete': {
      const { workspace, channel } = placeOf(emulation, action.by, action.at);
      const message = actedOn(channel, action.messageId);
      if (message.personId !== action.by) throw new RangeError('that message is somebody else’s');
      if (action.kind === 'delete') {
        return { id: message.ts, acknowledgedMs: remove(emulation, workspace, channel, message) };
      }
      const text = writeTyped(action.text, workspace);
      const change = { text, editedTs: emulation.ids.ts() };
      return { id: message.ts, acknowledgedMs: revise(emulation, workspace, channel, message, change).acknowledgedMs };
    }
  }
}

export function openHome(emulation: SlackEmulation, by: string): Acted {
  const workspace = emulation.world.workspaceOf(by);
  const channel = emulation.world.directChannel(workspace, by);
  const view = emulation.views.home(by);
  const told = emulation.events.tell(
    workspace,
    {
      type: 'app_home_opened',
      user: by,
      channel: channel.id,
      tab: 'home',
      ...(view !== null && { view: emulation.views.toWire(view) }),
    },
    { channel },
  );
  return { id: channel.id, acknowledgedMs: told ?? Promise.resolve(null) };
}

function sayMessage(emulation: SlackEmulation, { by, at, text, files, replyTo }: Of<'message'>): Acted {
  const { workspace, channel } = placeOf(emulation, by, at);
  if (channel.isArchived) throw new RangeError('the channel is archived');
  if (text === '' && files.length === 0) throw new RangeError('there is nothing to send');
  const first = at.thread ?? replyTo;
  const threadTs = first === null ? null : (actedOn(channel, first).threadTs ?? first);
  const { message, acknowledgedMs } = post(emulation, workspace, channel, {
    personId: by,
    text: writeTyped(text, workspace),
    blocks: [],
    fileIds: files.map((file) => upload(emulation, workspace, by, file)),
    threadTs,
    isBroadcast: false,
    metadata: null,
    ephemeralFor: null,
    reading: AS_MRKDWN,
  });
  return { id: message.ts, acknowledgedMs };
}

function upload(emulation: SlackEmulation, workspace: Workspace, ownerId: string, { name, bytes }: PersonFile): string {
  const file = emulation.files.create({
    workspaceId: workspace.id,
    ownerId,
    name,
    announcedBytes: bytes.byteLength,
    createdSeconds: nowSeconds(emulation),
  });
  emulation.files.fill(file, bytes);
  file.isComplete = true;
  return file.id;
}

/** The verb is a slash command of the app, or its first one's first word. What is typed goes out as it is, but escaped. */
function typeCommand(emulation: SlackEmulation, { by, at, verb, options, text, file }: Of<'command'>): Acted {
  const { app, conversation, interactions } = emulation;
  if (file !== null) throw new RangeError('a Slack command carries no file');
  if (at.thread !== null) throw new RangeError('slash commands are not there in threads');
  const { workspace, channel } = placeOf(emulation, by, at);
  const command = app.commands.find((one) => one === `/${verb}`) ?? app.commands[0];
  if (command === undefined) throw new RangeError('the app has no slash command');
  const words =
    text === ''
      ? Object.entries(options)
          .map(([name, value]) => `${name}:${value}`)
          .join(' ')
      : text;
  const typed = command === `/${verb}` ? words : `${verb} ${words}`.trimEnd();
  const place = { workspace, channel, personId: by, message: null };
  const triggerId = interactions.createTrigger(workspace.id, by);
  const payload = {
    token: app.verificationToken,
    team_id: workspace.id,
    team_domain: workspace.domain,
    channel_id: channel.id,
    channel_name: channel.kind === 'im' ? 'directmessage' : channel.kind === 'private' ? 'privategroup' : channel.name,
    user_id: by,
    user_name: personOf(workspace, by).name,
    command,
    text: typed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    api_app_id: app.id,
    is_enterprise_install: 'false',
    response_url: `${emulation.origin()}/commands/${interactions.createAnswerPath(place)}`,
    trigger_id: triggerId,
  };
  const acknowledgedMs = interact(emulation, 'slash_commands', payload, {
    failed(reason) {
      const error = reason === 'timeout' || reason === 'http_timeout' ? 'operation_timeout' : 'dispatch_failed';
      conversation.notice({ chat: channel.id, onlyFor: by, text: `${command} failed with the error "${error}"` });
    },
    answered: (answer) => takeAnswer(emulation, place, answer),
    workspace,
  });
  return { id: triggerId, acknowledgedMs };
}

function chooseShortcut(emulation: SlackEmulation, { by, at, name, messageId }: Of<'shortcut'>): Acted {
  const { app, conversation, interactions } = emulation;
  const { workspace, channel } = placeOf(emulation, by, at);
  const message = actedOn(channel, messageId);
  if (message.ephemeralFor !== null) throw new RangeError('a message that only one person sees has no shortcuts');
  const callbackId =
    app.shortcuts === null
      ? name
      : app.shortcuts.find((one) => one.name === name || one.callbackId === name)?.callbackId;
  if (callbackId === undefined) throw new RangeError(`the app has no shortcut "${name}"`);
  const triggerId = interactions.createTrigger(workspace.id, by);
  const payload = {
    type: 'message_action',
    ...identify(emulation, workspace, by),
    action_ts: emulation.ids.ts(),
    callback_id: callbackId,
    trigger_id: triggerId,
    ...messagePayload(emulation, workspace, channel, message, by),
  };
  const acknowledgedMs = interact(emulation, 'interactive', payload, {
    failed: () =>
      conversation.notice({ chat: channel.id, onlyFor: by, text: `${app.name} is not responding. Try again.` }),
    answered: () => undefined,
    workspace,
  });
  return { id: triggerId, acknowledgedMs };
}
