import type { WebContext } from '../web.ts';
import type { SignInDeps } from './settings.ts';

/** The same whatever the reason. */
export async function notAdmitted(context: WebContext, deps: SignInDeps): Promise<Response> {
  return await deps.pages.sorry(
    context,
    403,
    'This account cannot sign in here. Ask for a link in your band’s chat, or whoever runs this Woodshed.',
  );
}
