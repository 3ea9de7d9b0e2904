/** Who may come in, once a provider has said who it is. */
import type { AccountProvider } from '../../db/linked-account.entity.ts';
import type { Platform } from '../../workflows/contract/request.ts';
import type { Person } from './oauth-client.ts';
import type { SignInDeps } from './settings.ts';

export interface Arrival {
  readonly provider: AccountProvider;
  readonly person: Person;
}

/** The chat user that a person showed to be; null where the provider is no chat, or its workspace is none of ours. */
export async function chatUserOf(
  deps: SignInDeps,
  { provider, person }: Arrival,
): Promise<{ readonly platform: Platform; readonly userId: string } | null> {
  const { chatUser } = person;
  if (chatUser === null || (provider !== 'discord' && provider !== 'slack' && provider !== 'telegram')) return null;
  const isOurs = chatUser.botId === null || (await deps.accounts.isServed(provider, chatUser.botId));
  return isOurs ? { platform: provider, userId: chatUser.userId } : null;
}

/** The member, known or founded. Null: may not come in. @param isInvited a chat has given a link */
export async function admit(deps: SignInDeps, arrival: Arrival, isInvited: boolean): Promise<string | null> {
  const { provider, person } = arrival;
  const { subject, displayName, email } = person;
  if (!(await isListed(deps, arrival, email))) return null;
  const signedIn = await deps.accounts.signIn({
    provider,
    subject,
    displayName,
    chatUser: await chatUserOf(deps, arrival),
    mayFound: isInvited || !deps.rules.inviteOnly,
  });
  return signedIn?.memberId ?? null;
}

/** A provider without addresses lets in whom a listed member has connected. */
async function isListed(deps: SignInDeps, { provider, person }: Arrival, email: string | null): Promise<boolean> {
  const { emails } = deps.rules;
  if (emails.length === 0) return true;
  if (email === null)
    return provider === 'telegram' && (await deps.accounts.isKnown({ provider, subject: person.subject }));
  return emails.includes(email) || emails.includes(email.slice(email.lastIndexOf('@')));
}
