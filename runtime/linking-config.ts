/** Where people of a chat have to link their accounts, there must be a page to do it on and something to sign in with. */
import type { LinkPolicy } from '../workflows/contract/linking.ts';
import type { EnvironmentReader } from './environment.ts';
import type { SignInProviders } from './sign-in-config.ts';
import type { ChatsConfig } from './chats-config.ts';

export interface LinkingNeeds {
  readonly linking: LinkPolicy;
  readonly chats: ChatsConfig;
  readonly hasWebUrl: boolean;
  readonly signIn: SignInProviders;
}

/** By which anybody of any chat can sign in; the others only connect accounts. */
export function signInNames({ discord, slack, google, telegram }: SignInProviders): readonly string[] {
  return Object.entries({ discord, slack, google, telegram }).flatMap(([name, app]) => (app === null ? [] : [name]));
}

/** Every missing name, each with the choice not to need it. */
export function checkLinking(env: Pick<EnvironmentReader, 'problem'>, needs: LinkingNeeds): void {
  const token = tokenOf(needs.chats);
  if (needs.linking === 'never' || token === null) return;
  const why = `and ${token} is: people of a chat sign in on a web page before they get a result`;
  const otherwise = 'or choose linking: never in woodshed.yaml (WOODSHED_LINKING=never)';
  if (!needs.hasWebUrl) env.problem(`WOODSHED_WEB_URL is not set, ${why}; set it, ${otherwise}`);
  if (signInNames(needs.signIn).length === 0) {
    env.problem(
      `no sign-in provider is set up, ${why}; set DISCORD_CLIENT_ID and DISCORD_CLIENT_SECRET, or those of SLACK or GOOGLE, ${otherwise}`,
    );
  }
}

/** The name that turned the first of them on; null where there is none. */
function tokenOf({ discord, slack, telegram }: ChatsConfig): string | null {
  if (discord !== null) return 'DISCORD_TOKEN';
  if (slack !== null) return slack.mode === 'socket' ? 'SLACK_BOT_TOKEN' : 'SLACK_SIGNING_SECRET';
  return telegram === null ? null : 'TELEGRAM_TOKEN';
}
