/** App Homes and modals, as they stand before people. */
import { createHash } from 'node:crypto';
import type { Conversation } from '../core/conversation.ts';
import { readBlocks, toButton, withIds } from './block-view.ts';
import type { BlocksRead } from './block-view.ts';
import type { CheckedView } from './check-blocks.ts';
import type { Ids } from './ids.ts';
import { readMrkdwn } from './mrkdwn.ts';
import { SlackError } from './slack-error.ts';
import type { Wire } from './to-wire.ts';
import type { Workspace } from './world.ts';

export interface StoredView {
  readonly id: string;
  readonly workspace: Workspace;
  readonly personId: string;
  readonly view: CheckedView;
  readonly hash: string;
}

export interface Views {
  /** @param hash the view is replaced only while it is the one of this hash @throws SlackError `hash_conflict` */
  publishHome(workspace: Workspace, personId: string, view: CheckedView, hash: string | undefined): StoredView;
  open(workspace: Workspace, personId: string, view: CheckedView): StoredView;
  /** @throws SlackError `not_found`, `hash_conflict` */
  update(workspaceId: string, key: ViewKey, view: CheckedView, hash: string | undefined): StoredView;
  closeModal(viewId: string): void;
  home(personId: string): StoredView | null;
  find(viewId: string): StoredView | null;
  read(view: StoredView): BlocksRead;
  toWire(view: StoredView): Wire;
}

export interface ViewKey {
  readonly viewId: string | undefined;
  readonly externalId: string | undefined;
}

/** In views nothing pings. */
const NOBODY = { members: new Set<string>() };

export const homeChat = (personId: string): string => `home:${personId}`;
export const modalChat = (personId: string): string => `modal:${personId}`;

export function createViews(ids: Ids, conversation: Conversation, appId: string): Views {
  const standing = new Map<string, StoredView>();

  function keep(id: string, workspace: Workspace, personId: string, view: CheckedView): StoredView {
    const blocks = withIds(view.blocks, () => ids.secret(5));
    const hash = `${ids.ts()}.${createHash('sha256').update(JSON.stringify(blocks)).digest('hex').slice(0, 8)}`;
    const stored: StoredView = { id, workspace, personId, view: { ...view, blocks }, hash };
    const isNew = !standing.has(id);
    standing.set(id, stored);
    const { text, pressables } = views.read(stored);
    const seen = {
      id,
      chat: view.type === 'home' ? homeChat(personId) : modalChat(personId),
      thread: null,
      by: 'bot',
      text: [titleOf(view), text].filter((part) => part !== '').join('\n'),
      files: [],
      buttons: pressables.map(toButton),
      replyTo: null,
      onlyFor: personId,
      pings: [],
    };
    if (isNew) conversation.post(seen);
    else conversation.edit(seen);
    return stored;
  }
  function home(personId: string): StoredView | null {
    return standing.values().find(({ view, personId: whose }) => view.type === 'home' && whose === personId) ?? null;
  }

  const views: Views = {
    home,
    publishHome(workspace, personId, view, hash) {
      const before = home(personId);
      if (hash !== undefined && before !== null && before.hash !== hash) throw new SlackError('hash_conflict');
      return keep(before?.id ?? ids.next('V'), workspace, personId, view);
    },
    open: (workspace, personId, view) => keep(ids.next('V'), workspace, personId, view),
    update(workspaceId, { viewId, externalId }, view, hash) {
      const before = standing
        .values()
        .find(
          (stored) =>
            stored.workspace.id === workspaceId &&
            (stored.id === viewId || (externalId !== undefined && stored.view['external_id'] === externalId)),
        );
      if (before === undefined) throw new SlackError('not_found');
      if (hash !== undefined && before.hash !== hash) throw new SlackError('hash_conflict');
      return keep(before.id, before.workspace, before.personId, view);
    },
    closeModal(viewId) {
      const stored = standing.get(viewId);
      if (stored === undefined) return;
      standing.delete(viewId);
      conversation.remove(modalChat(stored.personId), viewId);
    },
    find: (viewId) => standing.get(viewId) ?? null,
    read: ({ view, workspace }) => readBlocks(view.blocks, (source) => readMrkdwn(source, workspace, NOBODY)),
    toWire({ id, workspace, view, hash }) {
      return {
        id,
        team_id: workspace.id,
        ...view,
        private_metadata: view['private_metadata'] ?? '',
        callback_id: view['callback_id'] ?? '',
        external_id: view['external_id'] ?? '',
        state: { values: {} },
        hash,
        clear_on_close: false,
        notify_on_close: false,
        close: view['close'] ?? null,
        submit: view['submit'] ?? null,
        previous_view_id: null,
        root_view_id: id,
        app_id: appId,
        app_installed_team_id: workspace.id,
        bot_id: workspace.botId,
      };
    },
  };
  return views;
}

function titleOf(view: CheckedView): string {
  const title = view['title'] as { readonly text?: unknown } | undefined;
  return typeof title?.text === 'string' ? title.text : '';
}
