/** A press on a button or a choice in a menu, of a message or of an App Home; and a modal that is handed in. */
import type { Acted, PersonAction } from '../core/emulator.ts';
import type { BlocksRead, Pressable } from './block-view.ts';
import type { SlackEmulation } from './emulation.ts';
import { actedOn, identify, interact, messagePayload, placeOf } from './interact.ts';
import { shown } from './posts.ts';
import type { Wire } from './to-wire.ts';
import { homeChat, modalChat } from './views.ts';
import type { StoredView } from './views.ts';

type Press = Extract<PersonAction, { kind: 'press' }>;

/** @throws RangeError where this person has no such thing before them */
export function press(emulation: SlackEmulation, action: Press): Acted {
  const { by, at } = action;
  return at.chat === homeChat(by) || at.chat === modalChat(by)
    ? pressInView(emulation, action)
    : pressInMessage(emulation, action);
}

function pressInMessage(emulation: SlackEmulation, { by, at, messageId, label }: Press): Acted {
  const { workspace, channel } = placeOf(emulation, by, at);
  const message = actedOn(channel, messageId);
  if (message.ephemeralFor !== null && message.ephemeralFor !== by) throw new RangeError('only somebody else sees it');
  const pressable = find(shown(workspace, channel, message), label);
  return handOver(emulation, by, channel.id, pressable, {
    ...identify(emulation, workspace, by),
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: message.ephemeralFor !== null,
      ...(message.threadTs !== null && { thread_ts: message.threadTs }),
    },
    ...messagePayload(emulation, workspace, channel, message, by),
    state: { values: {} },
  });
}

function pressInView(emulation: SlackEmulation, { by, at, messageId, label }: Press): Acted {
  const view = viewOf(emulation, by, messageId);
  return handOver(emulation, by, at.chat, find(emulation.views.read(view), label), {
    ...identify(emulation, view.workspace, by),
    container: { type: 'view', view_id: view.id },
    view: emulation.views.toWire(view),
  });
}

function handOver(emulation: SlackEmulation, by: string, chat: string, pressable: Pressable, about: Wire): Acted {
  const { app, conversation, ids, interactions, world } = emulation;
  const workspace = world.workspaceOf(by);
  const { actionId, blockId, element, option } = pressable;
  const triggerId = interactions.createTrigger(workspace.id, by);
  const { text, value, style, url, type } = element;
  const chosen = option === null ? { text, value, style, url } : { selected_option: option };
  const acknowledgedMs = interact(
    emulation,
    'interactive',
    {
      type: 'block_actions',
      ...about,
      trigger_id: triggerId,
      actions: [{ action_id: actionId, block_id: blockId, ...chosen, type, action_ts: ids.ts() }],
    },
    {
      workspace,
      failed: () => conversation.notice({ chat, onlyFor: by, text: `${app.name} is not responding. Try again.` }),
      answered: () => undefined,
    },
  );
  return { id: triggerId, acknowledgedMs };
}

/** What a person filled in, by block id and action id, as `view.state.values` has it. */
export type ViewValues = Readonly<Record<string, Readonly<Record<string, Wire>>>>;

export function submitView(emulation: SlackEmulation, by: string, viewId: string, values: ViewValues): Acted {
  const { conversation, interactions, views } = emulation;
  const view = viewOf(emulation, by, viewId);
  if (view.view.type !== 'modal') throw new RangeError('an App Home is not handed in');
  const triggerId = interactions.createTrigger(view.workspace.id, by);
  const payload = {
    type: 'view_submission',
    ...identify(emulation, view.workspace, by),
    trigger_id: triggerId,
    view: { ...views.toWire(view), state: { values } },
    response_urls: [],
  };
  const notice = (text: string): void => conversation.notice({ chat: modalChat(by), onlyFor: by, text });
  let staysOpen = false;
  const acknowledgedMs = interact(emulation, 'interactive', payload, {
    workspace: view.workspace,
    failed() {
      staysOpen = true;
      notice('We had some trouble connecting. Try again?');
    },
    answered(answer) {
      const { response_action: what, errors } = answer as { response_action?: string; errors?: Record<string, string> };
      if (what !== 'errors') return;
      staysOpen = true;
      notice(Object.values(errors ?? {}).join('\n'));
    },
  }).then((ms) => {
    if (!staysOpen) views.closeModal(viewId);
    return ms;
  });
  return { id: triggerId, acknowledgedMs };
}

function viewOf({ views }: SlackEmulation, by: string, viewId: string): StoredView {
  const view = views.find(viewId);
  if (view?.personId !== by) throw new RangeError(`${by} has no view ${viewId} open`);
  return view;
}

function find({ pressables }: BlocksRead, label: string): Pressable {
  const found = pressables.find((one) => one.label === label);
  if (found === undefined) {
    throw new RangeError(`there is no "${label}" to press, only ${pressables.map((one) => one.label).join(', ')}`);
  }
  return found;
}
