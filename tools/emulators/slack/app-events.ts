/** What happens in the workspaces, told to the app as far as it subscribed, is installed and may see it. */
import type { Ids } from './ids.ts';
import type { Outbox } from './outbox.ts';
import type { Wire } from './to-wire.ts';
import type { Channel, Workspace } from './world.ts';

export interface AppEvents {
  /** @returns null where the app does not get it; else how long it took to acknowledge it, in our milliseconds, null where it never did */
  tell(workspace: Workspace, event: Wire & { readonly type: string }, more?: Telling): Told;
  /** Every payload that was told, oldest first. */
  readonly told: readonly Wire[];
}

export type Told = Promise<number | null> | null;

export interface Telling {
  /** Where it happened: the bot hears nothing of conversations that it is not in. */
  readonly channel?: Channel;
  /** Subscription, where the event's type does not name it. */
  readonly subscription?: string;
}

interface Teller {
  readonly app: { readonly id: string; readonly verificationToken: string; readonly events: readonly string[] | null };
  readonly ids: Ids;
  readonly outbox: Outbox;
  readonly nowSeconds: () => number;
}

const OF_KIND = { public: 'message.channels', private: 'message.groups', im: 'message.im' } as const;
const CHANNEL_TYPE = { public: 'channel', private: 'group', im: 'im' } as const;

export function createAppEvents({ app, ids, outbox, nowSeconds }: Teller): AppEvents {
  const told: Wire[] = [];
  return {
    told,
    tell(workspace, event, { channel, subscription = event.type } = {}) {
      const isWanted = app.events === null || app.events.includes(subscription);
      const isSeen = channel === undefined || channel.members.has(workspace.botUserId);
      const isThere = workspace.isInstalled || ['app_uninstalled', 'tokens_revoked'].includes(event.type);
      if (!isWanted || !isSeen || !isThere) return null;
      const payload = {
        token: app.verificationToken,
        team_id: workspace.id,
        context_team_id: workspace.id,
        context_enterprise_id: null,
        api_app_id: app.id,
        event: { event_ts: ids.ts(), ...event },
        type: 'event_callback',
        event_id: ids.next('Ev'),
        event_time: nowSeconds(),
        authorizations: [
          {
            enterprise_id: null,
            team_id: workspace.id,
            user_id: workspace.botUserId,
            is_bot: true,
            is_enterprise_install: false,
          },
        ],
        authed_users: [workspace.botUserId],
        is_ext_shared_channel: false,
        event_context: `4-${ids.secret(40)}`,
      };
      told.push(payload);
      return outbox.event(payload).then((delivered) => delivered?.acknowledgedMs ?? null);
    },
  };
}

export function messageSubscription({ kind }: Channel): string {
  return OF_KIND[kind];
}

/** `channel_type` of events. */
export function channelType({ kind }: Channel): string {
  return CHANNEL_TYPE[kind];
}
