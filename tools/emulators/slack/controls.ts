/** What a test can do to an emulated Slack besides what people do. */
import type { Acted } from '../core/emulator.ts';
import { channelType } from './app-events.ts';
import { addToSlack } from './authorize-page.ts';
import type { Visit } from './authorize-page.ts';
import type { SlackEmulation } from './emulation.ts';
import { openHome } from './people.ts';
import { submitView } from './press.ts';
import type { ViewValues } from './press.ts';
import type { RateLimits } from './rate-limits.ts';
import type { RequestUrl } from './request-url.ts';
import type { GrantedToken } from './tokens.ts';
import type { Wire } from './to-wire.ts';
import type { Workspace } from './world.ts';

export interface SlackControls {
  /** With the slash at the end. */
  readonly apiUrl: string;
  /** Where "Add to Slack" leads. */
  readonly authorizationUrl: string;
  readonly credentials: {
    readonly appId: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly signingSecret: string;
    readonly appToken: string;
  };
  /** Where events go in HTTP mode; null in Socket Mode. */
  readonly requestUrl: string | null;
  bot(workspaceId?: string): { readonly userId: string; readonly botId: string };
  /** The chat of a person's direct messages with the bot. */
  directChat(personId: string): string;
  /** Opens the App Home. */
  openHome(by: string): Promise<Acted>;
  /** Hands in a modal. */
  submitView(by: string, viewId: string, values: ViewValues): Promise<Acted>;
  /** Every payload that went to the app's events, oldest first. */
  readonly events: readonly Wire[];
  socketConnections(): number;
  /** Says goodbye on every WebSocket. */
  disconnectSockets(reason: 'warning' | 'refresh_requested' | 'link_disabled'): void;
  /** Breaks every WebSocket without a word. */
  dropSockets(): void;
  /** @returns whether the challenge came back */
  setRequestUrl(url: string): Promise<boolean>;
  /** The newest token of the app in a workspace. @throws RangeError */
  token(workspaceId?: string): GrantedToken;
  /** Installs without a browser, or again. */
  install(workspaceId: string): GrantedToken;
  /** Goes from the app's install page through consent and back to the app. */
  addToSlack(by: string, installUrl: string, choice?: 'allow' | 'cancel'): Promise<Visit>;
  /** Tells `tokens_revoked` and `app_uninstalled`. */
  uninstall(workspaceId: string): void;
  revokeTokens(workspaceId: string): void;
  archive(channelId: string): void;
  unarchive(channelId: string): void;
  deleteChannel(channelId: string): void;
  addBot(channelId: string, by: string): void;
  removeBot(channelId: string): void;
  setReadOnly(channelId: string, isReadOnly: boolean): void;
  /** From now on whatever the bot does in this channel is answered with this error. */
  refuse(channelId: string, error: string): void;
  setRateLimits(mode: RateLimits['mode']): void;
  /** As if there had been too many of them: for so long every call of the method is a 429, in one channel or in the whole workspace. */
  limit(method: string, ms: number, channelId?: string): void;
  /** From now on a file has at most so many bytes. */
  limitUploads(bytes: number): void;
  /** Puts Slack's clock forward. */
  advance(ms: number): void;
}

export function createControls(
  emulation: SlackEmulation,
  limits: RateLimits,
  requestUrl: RequestUrl | null,
): SlackControls {
  const { app, clock, events, installations, socketMode, tokens, world } = emulation;
  const origin = emulation.origin();

  /** @throws RangeError */
  function workspaceAt(id = firstId()): Workspace {
    const workspace = world.workspaces.get(id);
    if (workspace === undefined) throw new RangeError(`there is no workspace ${id}`);
    return workspace;
  }
  const firstId = (): string => world.workspaces.keys().next().value ?? '';
  function tellRevoked(workspace: Workspace): void {
    void events.tell(workspace, { type: 'tokens_revoked', tokens: { oauth: [], bot: [workspace.botUserId] } });
  }
  function tellChannel(channelId: string, type: string, more: Wire = {}): void {
    const { workspace, channel } = world.channel(channelId);
    const name = channel.kind === 'private' ? type.replace(/^channel/u, 'group') : type;
    void events.tell(workspace, { ...more, type: name, channel: channelId }, { channel });
  }

  return {
    apiUrl: `${origin}/api/`,
    authorizationUrl: `${origin}/oauth/v2/authorize`,
    credentials: {
      appId: app.id,
      clientId: app.clientId,
      clientSecret: app.clientSecret,
      signingSecret: app.signingSecret,
      appToken: tokens.appToken,
    },
    get requestUrl() {
      return requestUrl?.url ?? null;
    },
    bot(workspaceId) {
      const { botUserId, botId } = workspaceAt(workspaceId);
      return { userId: botUserId, botId };
    },
    directChat: (personId) => world.directChannel(world.workspaceOf(personId), personId).id,
    openHome: (by) => Promise.resolve(openHome(emulation, by)),
    submitView: async (by, viewId, values) => submitView(emulation, by, viewId, values),
    events: events.told,
    socketConnections: () => socketMode?.connections() ?? 0,
    disconnectSockets: (reason) => socketMode?.disconnect(reason),
    dropSockets: () => socketMode?.drop(),
    async setRequestUrl(url) {
      if (requestUrl === null) throw new RangeError('in Socket Mode there is no request URL');
      return await requestUrl.set(url);
    },
    token: (workspaceId = firstId()) => tokens.of(workspaceId),
    install: (workspaceId) => installations.install(workspaceAt(workspaceId)),
    addToSlack: (by, installUrl, choice = 'allow') => addToSlack(origin, installUrl, { personId: by, choice }),
    uninstall(workspaceId) {
      const workspace = workspaceAt(workspaceId);
      installations.uninstall(workspace);
      tellRevoked(workspace);
      void events.tell(workspace, { type: 'app_uninstalled' });
    },
    revokeTokens(workspaceId) {
      tokens.revokeAll(workspaceId);
      tellRevoked(workspaceAt(workspaceId));
    },
    archive(channelId) {
      world.channel(channelId).channel.isArchived = true;
      tellChannel(channelId, 'channel_archive', { user: '' });
    },
    unarchive(channelId) {
      world.channel(channelId).channel.isArchived = false;
      tellChannel(channelId, 'channel_unarchive', { user: '' });
    },
    deleteChannel(channelId) {
      world.channel(channelId).channel.isDeleted = true;
      tellChannel(channelId, 'channel_deleted');
    },
    addBot(channelId, by) {
      const { workspace, channel } = world.channel(channelId);
      channel.members.add(workspace.botUserId);
      const joined = { type: 'member_joined_channel', user: workspace.botUserId, channel: channelId, inviter: by };
      const channelKind = channelType(channel).charAt(0).toUpperCase();
      void events.tell(workspace, { ...joined, channel_type: channelKind, team: workspace.id }, { channel });
    },
    removeBot(channelId) {
      const { workspace, channel } = world.channel(channelId);
      channel.members.delete(workspace.botUserId);
      const type = channel.kind === 'private' ? 'group_left' : 'channel_left';
      void events.tell(workspace, { type, channel: channelId, actor_id: '' });
    },
    setReadOnly(channelId, isReadOnly) {
      world.channel(channelId).channel.isReadOnly = isReadOnly;
    },
    refuse: (channelId, error) => void world.refusals.set(channelId, error),
    setRateLimits(mode) {
      limits.mode = mode;
    },
    limit: (method, ms, channelId) => limits.shut({ method, workspaceId: firstId(), channelId: channelId ?? null }, ms),
    limitUploads(bytes) {
      emulation.maxFileBytes = bytes;
    },
    advance: (ms) => clock.advance(ms),
  };
}
