import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { WebContext, WebDeps } from '../web.ts';

/** With a file or a ZIP; 410 where it is not kept any more. Bytes go past the framework: between it and the client there is no back-pressure. */
export async function answerDirectly(
  context: WebContext,
  { pages, log }: WebDeps,
  send: (bindings: HttpBindings) => Promise<boolean>,
): Promise<Response> {
  const { outgoing } = context.env;
  try {
    if (await send(context.env)) return RESPONSE_ALREADY_SENT;
  } catch (error) {
    if (!outgoing.headersSent) throw error;
    // A whole answer was promised: without its end, the client knows that it is none.
    log.warn({ err: error }, 'a download broke off');
    outgoing.destroy();
    return RESPONSE_ALREADY_SENT;
  }
  return await pages.sorry(context, 410, 'This is not kept any more. Send the song again in the chat.');
}
