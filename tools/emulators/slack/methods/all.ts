/** Every method that this emulator has. */
import { checkView } from '../check-blocks.ts';
import { SlackError } from '../slack-error.ts';
import { wirePerson } from '../to-wire.ts';
import type { Wire } from '../to-wire.ts';
import { CHAT_METHODS } from './chat.ts';
import { CONVERSATION_METHODS } from './conversations.ts';
import { FILE_METHODS } from './files.ts';
import { botMethod } from './method.ts';
import type { BotCall, Method, OpenCall } from './method.ts';

export const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ...Object.entries(CHAT_METHODS),
  ...Object.entries(CONVERSATION_METHODS),
  ...Object.entries(FILE_METHODS),
  ['auth.test', botMethod(null, 100, authTest)],
  ['users.info', botMethod('users:read', 100, usersInfo, { takesJson: false })],
  ['views.publish', botMethod(null, 100, publishView)],
  ['views.open', botMethod(null, 100, openView)],
  ['views.update', botMethod(null, 100, updateView)],
  ['oauth.v2.access', { token: 'none', tier: 100, takesJson: false, run: access }],
  [
    'apps.connections.open',
    {
      token: 'app',
      tier: 20,
      takesJson: true,
      run({ app, origin, socketMode }) {
        if (socketMode === null) throw new SlackError('socket_mode_not_enabled');
        const query = new URLSearchParams({ ticket: socketMode.openTicket(), app_id: app.id });
        return { url: `${origin().replace(/^http/u, 'ws')}/link/?${query.toString()}` };
      },
    },
  ],
]);

function authTest({ emulation, workspace }: BotCall): Wire {
  return {
    url: `${emulation.origin()}/`,
    team: workspace.name,
    user: workspace.botName.toLowerCase(),
    team_id: workspace.id,
    user_id: workspace.botUserId,
    bot_id: workspace.botId,
    is_enterprise_install: false,
  };
}

function usersInfo({ args, emulation, workspace }: BotCall): Wire {
  const id = args.required('user');
  const person = workspace.people.get(id);
  if (person !== undefined) return { user: wirePerson(workspace, person) };
  if (id !== workspace.botUserId) throw new SlackError('user_not_found');
  const bot = wirePerson(workspace, { id, name: workspace.botName.toLowerCase(), realName: workspace.botName });
  const profile = { real_name: workspace.botName, bot_id: workspace.botId, api_app_id: emulation.app.id };
  return { user: { ...bot, is_bot: true, profile } };
}

function publishView({ args, emulation, workspace }: BotCall): Wire {
  const personId = args.required('user_id');
  const view = checkView(args.json('view'), 'home');
  if (!workspace.people.has(personId)) throw new SlackError('user_not_found');
  const { views } = emulation;
  return { view: views.toWire(views.publishHome(workspace, personId, view, args.text('hash'))) };
}

function openView({ args, emulation, workspace }: BotCall): Wire {
  const view = checkView(args.json('view'), 'modal');
  const personId = emulation.interactions.useTrigger(workspace.id, args.required('trigger_id'));
  const { views } = emulation;
  return { view: views.toWire(views.open(workspace, personId, view)) };
}

function updateView({ args, emulation, workspace }: BotCall): Wire {
  const { views } = emulation;
  const given = args.json('view');
  const isHome = typeof given === 'object' && given !== null && 'type' in given && given.type === 'home';
  const view = checkView(given, isHome ? 'home' : 'modal');
  const key = { viewId: args.text('view_id'), externalId: args.text('external_id') };
  return { view: views.toWire(views.update(workspace.id, key, view, args.text('hash'))) };
}

function access({ args, basic, emulation }: OpenCall): Wire {
  const credentials = {
    clientId: args.text('client_id') ?? basic?.user,
    clientSecret: args.text('client_secret') ?? basic?.password,
  };
  return emulation.installations.exchange(
    credentials,
    args.text('grant_type') === 'refresh_token'
      ? { kind: 'refresh_token', refreshToken: args.text('refresh_token') }
      : { kind: 'code', code: args.text('code'), redirectUri: args.text('redirect_uri') },
  );
}
