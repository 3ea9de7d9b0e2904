import type { AccountProvider } from '../../db/linked-account.entity.ts';
import type { WebContext } from '../web.ts';
import type { SignInDeps } from './settings.ts';

/** Under a new id, whatever the browser had: an id that somebody put there is worth nothing. */
export async function openSession(
  context: WebContext,
  { sessions, audit }: SignInDeps,
  memberId: string,
  provider: AccountProvider | 'console',
): Promise<void> {
  await sessions.close(context.req.header('Cookie'));
  context.header('Set-Cookie', await sessions.open(memberId), { append: true });
  await audit.note({ kind: 'session.opened', memberId, facts: { provider } });
}
