/** The bot itself, its gateway, and its commands. */
import { refuse } from '../discord-error.ts';
import { wireCommand } from '../command-store.ts';
import type { Emulation } from '../emulation.ts';
import type { Wire } from '../message.ts';
import { wireUser } from '../to-wire.ts';
import { NO_CONTENT, ok, param } from './route.ts';
import type { Answer, Route, RouteRequest } from './route.ts';

const COMMANDS = '/applications/{application_id}/commands';
const GUILD_COMMANDS = '/applications/{application_id}/guilds/{guild_id}/commands';
const DAY_MS = 86_400_000;
/** `GATEWAY_MESSAGE_CONTENT_LIMITED` */
const CONTENT_FLAG = 1 << 19;

export const APPLICATION_ROUTES: readonly Route[] = [
  { name: 'GET /gateway/bot', auth: 'bot', run: gateway },
  { name: 'GET /users/@me', auth: 'bot', run: ({ emulation }) => ok(me(emulation)) },
  { name: 'GET /users/{user_id}', auth: 'bot', run: user },
  { name: 'GET /applications/@me', auth: 'bot', run: ({ emulation }) => ok(application(emulation)) },
  { name: 'GET /oauth2/applications/@me', auth: 'bot', run: ({ emulation }) => ok(application(emulation)) },
  ...[COMMANDS, GUILD_COMMANDS].flatMap((path): Route[] => [
    { name: `PUT ${path}`, auth: 'bot', run: replaceAll },
    { name: `GET ${path}`, auth: 'bot', run: list },
    { name: `POST ${path}`, auth: 'bot', run: put },
    { name: `GET ${path}/{command_id}`, auth: 'bot', run: get },
    { name: `DELETE ${path}/{command_id}`, auth: 'bot', run: remove },
  ]),
];

function gateway({ emulation }: RouteRequest): Answer {
  return ok({
    url: emulation.origin().replace('http:', 'ws:'),
    shards: 1,
    session_start_limit: {
      total: 1000,
      remaining: emulation.gateway.startsLeft(),
      reset_after: DAY_MS,
      max_concurrency: 1,
    },
  });
}

function me({ world }: Emulation): Wire {
  return { ...wireUser(world.bot), verified: true, mfa_enabled: false, email: null, flags: 0, locale: 'en-US' };
}

function user(request: RouteRequest): Answer {
  const person = request.emulation.world.people.get(param(request, 'user_id'));
  return ok(wireUser(person ?? refuse('unknownUser')));
}

/** The application has its bot's id, as every newer one has. */
function application({ world, hasMessageContent }: Emulation): Wire {
  return {
    id: world.bot.id,
    name: world.bot.username,
    icon: null,
    description: '',
    bot_public: true,
    bot_require_code_grant: false,
    summary: '',
    verify_key: '0'.repeat(64),
    team: null,
    flags: hasMessageContent ? CONTENT_FLAG : 0,
    bot: wireUser(world.bot),
  };
}

/** @throws DiscordError where that is not the bot's, or the bot is not there */
function guildOf(request: RouteRequest): string | null {
  const { world } = request.emulation;
  if (param(request, 'application_id') !== world.bot.id) refuse('missingAccess');
  const id = request.params['guild_id'];
  if (id === undefined) return null;
  return world.guilds.get(id)?.hasBot === true ? id : refuse('missingAccess');
}

function replaceAll(request: RouteRequest): Answer {
  const { commands, world } = request.emulation;
  const all = commands.replaceAll(guildOf(request), request.body.json);
  return ok(all.map((command) => wireCommand(world.bot.id, command)));
}

function list(request: RouteRequest): Answer {
  const { commands, world } = request.emulation;
  return ok(commands.list(guildOf(request)).map((command) => wireCommand(world.bot.id, command)));
}

function put(request: RouteRequest): Answer {
  const { commands, world } = request.emulation;
  const { command, isNew } = commands.put(guildOf(request), request.body.json);
  return { status: isNew ? 201 : 200, json: wireCommand(world.bot.id, command) };
}

function get(request: RouteRequest): Answer {
  const { commands, world } = request.emulation;
  return ok(wireCommand(world.bot.id, commands.get(guildOf(request), param(request, 'command_id'))));
}

function remove(request: RouteRequest): Answer {
  request.emulation.commands.remove(guildOf(request), param(request, 'command_id'));
  return NO_CONTENT;
}
