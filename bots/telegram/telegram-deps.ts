import type { UserFromGetMe } from 'grammy/types';
import type { Requester } from '../../workflows/contract/request.ts';
import type { AnswerDeps } from '../core/answer.ts';
import type { JoinLinks } from '../core/command-style.ts';
import { CLOUD_DOWNLOAD_BYTES } from './download.ts';
import { joinPayload, LINK_PAYLOAD } from './join-payload.ts';

/** What answers are made with, as it is on Telegram. @param isLocal the Bot API server is one's own, and hands over any file */
export function telegramDeps(deps: AnswerDeps, { username }: UserFromGetMe, isLocal: boolean): AnswerDeps {
  const { style, songLimits, accounts } = deps;
  return {
    ...deps,
    accounts: {
      ...accounts,
      linkPage: async (requester) => (isPerson(requester) ? await accounts.linkPage(requester) : null),
    },
    style: { ...style, joinLinks: (code) => joinLinks(username, code) },
    songLimits: { ...songLimits, fromChatBytes: isLocal ? null : CLOUD_DOWNLOAD_BYTES },
  };
}

/** Not an anonymous admin, nor a channel: nobody can sign in as these. */
function isPerson({ userId }: Requester): boolean {
  return /^\d+$/u.test(userId);
}

/** Opens the bot in private, where it hands over whoever opened it their own page. */
export function linkingAddress({ username }: UserFromGetMe): string {
  return `https://t.me/${username}?start=${LINK_PAYLOAD}`;
}

function joinLinks(username: string, code: string): JoinLinks {
  const bot = `https://t.me/${username}`;
  const payload = joinPayload(code);
  return { alone: `${bot}?start=${payload}`, group: `${bot}?startgroup=${payload}` };
}
