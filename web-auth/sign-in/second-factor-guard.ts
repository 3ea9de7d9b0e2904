/** Operators see no page before they have given a code of their authenticator app, where the configuration wants it. */
import { createMiddleware } from 'hono/factory';
import type { AccountKey } from '../../db/linked-accounts.repository.ts';
import type { AccountProvider } from '../../db/linked-account.entity.ts';
import type { WebEnv } from '../web.ts';
import type { Visitor } from './sessions.ts';
import type { SignInDeps } from './settings.ts';

/** Signing in and out again, and what chats ask of anybody, need none. */
const OPEN = /^\/(?:second-factor|sign-in|sign-out|link|linked|assets)(?:\/|$)/u;

export function isOperator({ accounts, rules }: SignInDeps, memberId: string): Promise<boolean> {
  return accounts.hasAny(memberId, rules.operators.map(accountKey));
}

export async function lacksSecondFactor(deps: SignInDeps, visitor: Visitor): Promise<boolean> {
  const isWanted = deps.rules.operatorsNeedSecondFactor && !visitor.hasSecondFactor;
  return isWanted && (await isOperator(deps, visitor.memberId));
}

export function secondFactorGuard(deps: SignInDeps): ReturnType<typeof createMiddleware<WebEnv>> {
  return createMiddleware<WebEnv>(async (context, next) => {
    const visitor = context.get('visitor');
    if (visitor === null || OPEN.test(context.req.path) || !(await lacksSecondFactor(deps, visitor))) {
      await next();
      return undefined;
    }
    return context.redirect(deps.pages.href('/second-factor'), 303);
  });
}

function accountKey(name: string): AccountKey {
  const colon = name.indexOf(':');
  return { provider: name.slice(0, colon) as AccountProvider, subject: name.slice(colon + 1) };
}
