/** `/u/<ticket>`: a song that is too large for its chat is handed over here, and goes on where it broke off. */
import { Server } from '@tus/server';
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { createUploads } from '../../db/uploads.repository.ts';
import type { Upload } from '../../db/uploads.repository.ts';
import type { Html } from '../look/page.ts';
import type { PageRoom, WebContext, WebDeps, WebEnv } from '../web.ts';
import { finishUpload } from './finish-upload.ts';
import { createPartStore } from './part-store.ts';

export interface UploadLimits {
  readonly largestUploadBytes: number;
}

const TICKET = '/u/:token{[\\w-]{43}}';
/** Uploads whose process died between the last byte and the job. */
const LOOK_EVERY_MS = 60_000;

export function uploadPages({ largestUploadBytes }: UploadLimits): PageRoom {
  return (app, deps) => {
    const uploads = createUploads(deps.database);
    const finishing = { uploads, blobs: deps.blobs, audit: deps.audit };
    takeUpLeft(deps, async () => {
      for (const left of await uploads.listWhole()) await finishUpload(left, finishing);
    });

    app.get(TICKET, async (context) => {
      const ticket = await uploads.find(context.req.param('token'));
      if (ticket === null) {
        return await deps.pages.sorry(context, 404, 'This upload link is over. Ask for a new one in the chat.');
      }
      return await showTicket(context, deps, ticket, largestUploadBytes);
    });

    const tus = new Server({
      path: '/u',
      datastore: createPartStore({ ...finishing, ticketOf: uploads.find }),
      maxSize: largestUploadBytes,
      // Addresses are made of the configuration, never of what a request says.
      generateUrl: (_request, { id }) => `${deps.place.origin}${deps.place.basePath}/u/${id}/file/0`,
      getFileIdFromRequest: tokenIn,
      namingFunction: (request) => tokenIn(request) ?? '',
      async onUploadFinish(request) {
        const ticket = await uploads.find(tokenIn(request) ?? '');
        if (ticket !== null) await finishUpload(ticket, finishing);
        return {};
      },
    });
    const serve = async (context: WebContext): Promise<Response> => {
      if ((await uploads.find(context.req.param('token') ?? '')) === null) return context.notFound();
      return await tus.handleWeb(context.req.raw);
    };
    addTus(app, serve);
  };
}

function addTus(app: Hono<WebEnv>, serve: (context: WebContext) => Promise<Response>): void {
  app.on('POST', `${TICKET}/file`, serve);
  // A HEAD is routed as the GET that it is the head of.
  app.get(`${TICKET}/file/0`, async (context) =>
    context.req.method === 'HEAD' ? await serve(context) : context.notFound(),
  );
  app.on(['PATCH', 'DELETE'], `${TICKET}/file/0`, serve);
}

function tokenIn({ url }: { readonly url: string }): string | undefined {
  return /\/u\/([\w-]{43})(?:\/|$)/u.exec(new URL(url).pathname)?.[1];
}

async function showTicket(
  context: WebContext,
  { pages }: WebDeps,
  ticket: Upload,
  largestBytes: number,
): Promise<Response> {
  const { displayName } = ticket.order.requester;
  const body =
    ticket.state === 'open'
      ? openTicket(displayName, largestBytes, pages.href(new URL(context.req.url).pathname))
      : html`<section class="card narrow stack">
          <h1>It is here.</h1>
          <p>The stems come to the chat by themselves. You can close this page.</p>
        </section>`;
  return await pages.render(context, { title: 'Hand over a song', body, scripts: ['upload/main.ts'] });
}

function openTicket(displayName: string, largestBytes: number, path: string): Html {
  const megabytes = Math.floor(largestBytes / 1e6);
  return html`<section class="card narrow stack" id="upload" data-endpoint="${path}/file" data-most="${largestBytes}">
    <h1>Hand over a song</h1>
    <p>For ${displayName}. As soon as it is here, the job starts, and its card appears in the chat.</p>
    <label class="drop" for="file">
      <span>Drop a file here, or choose one</span>
      <input id="file" type="file" accept="audio/*,video/*,.flac,.opus,.aif,.aiff" />
    </label>
    <p class="faint">
      Up to ${megabytes} MB. If the connection breaks, choose the same file again: it goes on where it was.
    </p>
    <progress id="progress" max="1" value="0" hidden aria-label="Upload"></progress>
    <p id="said" role="status"></p>
    <button id="pause" hidden>Pause</button>
    <noscript><p>This page needs JavaScript to go on where an upload broke off.</p></noscript>
  </section>`;
}

function takeUpLeft({ log, stopping }: WebDeps, look: () => Promise<void>): void {
  const again = async (): Promise<void> => {
    await look().catch((error: unknown) =>
      log.warn({ err: error }, 'an upload could not be finished, and is tried again'),
    );
  };
  void again();
  const timer = setInterval(() => void again(), LOOK_EVERY_MS);
  stopping.addEventListener('abort', () => clearInterval(timer));
}
