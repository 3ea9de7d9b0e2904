import type { UserFromGetMe } from 'grammy/types';
import type { AnswerDeps } from '../core/answer.ts';
import type { JoinLinks } from '../core/command-style.ts';
import { CLOUD_DOWNLOAD_BYTES } from './download.ts';
import { joinPayload } from './join-payload.ts';

/** What answers are made with, as it is on Telegram. @param isLocal the Bot API server is one's own, and hands over any file */
export function telegramDeps(deps: AnswerDeps, { username }: UserFromGetMe, isLocal: boolean): AnswerDeps {
  const { style, songLimits } = deps;
  return {
    ...deps,
    style: { ...style, joinLinks: (code) => joinLinks(username, code) },
    songLimits: { ...songLimits, fromChatBytes: isLocal ? null : CLOUD_DOWNLOAD_BYTES },
  };
}

function joinLinks(username: string, code: string): JoinLinks {
  const bot = `https://t.me/${username}`;
  const payload = joinPayload(code);
  return { alone: `${bot}?start=${payload}`, group: `${bot}?startgroup=${payload}` };
}
