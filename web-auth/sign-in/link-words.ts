import type { Platform } from '../../workflows/contract/request.ts';
import type { WebContext } from '../web.ts';
import type { SignInDeps } from './settings.ts';

const NAMES: Readonly<Record<Platform, string>> = {
  console: 'the console',
  discord: 'Discord',
  slack: 'Slack',
  telegram: 'Telegram',
};

export function platformName(platform: Platform): string {
  return NAMES[platform];
}

/** The same for links that were never made, are used, or have ended. */
export async function linkIsOver(context: WebContext, deps: SignInDeps): Promise<Response> {
  return await deps.pages.sorry(context, 410, 'This link has ended. Ask for a new one in the chat.');
}
