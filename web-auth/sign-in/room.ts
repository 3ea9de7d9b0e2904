/** Signing in, linking chats, operators' second step: what has to stand before all other rooms. */
import { createMiddleware } from 'hono/factory';
import { createVisitors } from '../door/visitors.ts';
import type { PageRoom, WebEnv } from '../web.ts';
import { addLinkPages } from './link-pages.ts';
import { secondFactorGuard } from './second-factor-guard.ts';
import { addSecondFactorPages } from './second-factor-pages.ts';
import type { SignInDeps, SignInParts } from './settings.ts';
import { addSignInPages } from './sign-in-pages.ts';
import { addTelegramPages } from './telegram-pages.ts';

/** A person signs in a few times; whoever tries codes or wears out providers wants more. */
export const SIGN_IN_LIMITS = { atOnce: 8, perMinute: 60, most: 10_000 };
const PATHS = ['/sign-in/*', '/link/*', '/accounts/*', '/second-factor/*', '/second-factor'];

export function signInRoom(parts: SignInParts): PageRoom {
  return (app, webDeps) => {
    const deps: SignInDeps = { ...webDeps, ...parts };
    app.use(secondFactorGuard(deps));
    for (const path of PATHS) app.use(path, keptByNobody);
    const limited = limitedByWho(deps);
    for (const path of PATHS) app.use(path, limited);
    // Before the callbacks of the others.
    if (deps.telegram !== null) addTelegramPages(app, deps, deps.telegram);
    addSignInPages(app, deps);
    addLinkPages(app, deps);
    addSecondFactorPages(app, deps);
  };
}

/** Redirects too: they hold what browsers were given for a moment. */
const keptByNobody = createMiddleware<WebEnv>(async (context, next) => {
  await next();
  context.header('Cache-Control', 'private, no-store');
});

/** So many of one address, and of one member wherever they are. Looking at a page is counted by the door alone. */
function limitedByWho({ limits, pages }: SignInDeps): ReturnType<typeof createMiddleware<WebEnv>> {
  const visitors = createVisitors(limits, () => performance.now());
  return createMiddleware<WebEnv>(async (context, next) => {
    const isCounted = context.req.method === 'POST' || context.req.path.endsWith('/callback');
    const member = context.get('visitor')?.memberId;
    const names = isCounted ? [context.get('address'), ...(member === undefined ? [] : [`member ${member}`])] : [];
    const inside: (() => void)[] = [];
    try {
      for (const name of names) {
        const visit = visitors.enter(name);
        if ('waitSeconds' in visit) {
          context.header('Retry-After', String(visit.waitSeconds));
          return await pages.sorry(context, 429, 'That was a lot at once. Try again in a moment.');
        }
        inside.push(visit.leave);
      }
      await next();
      return undefined;
    } finally {
      for (const leave of inside) leave();
    }
  });
}
