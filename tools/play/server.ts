/** The playroom's web server: the page, the room, what happens in it as Server-Sent Events, and what a person does. */
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { streamSSE } from 'hono/streaming';
import { z } from 'zod';
import type { PersonFile } from '../emulators/core/emulator.ts';
import { chatPicture } from '../pictures/chat-picture.ts';
import { byteRange } from './byte-range.ts';
import { onlyOurPages, pageHeaders } from './door.ts';
import { lineAction } from './line-action.ts';
import { namesIn } from './room.ts';
import type { PlayRoom } from './room.ts';
import type { StackState } from './stack-state.ts';

const PAGE_FILES = {
  '/': ['page.html', 'text/html; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/composer.js': ['composer.js', 'text/javascript; charset=utf-8'],
  '/message-view.js': ['message-view.js', 'text/javascript; charset=utf-8'],
} as const;
const MOST_UPLOAD_BYTES = 512 * 1024 * 1024;
const PLAYED: Readonly<Record<string, string>> = {
  flac: 'audio/flac',
  m4a: 'audio/mp4',
  mp3: 'audio/mpeg',
  oga: 'audio/ogg',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  wav: 'audio/wav',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
};

const id = z.string().min(1).max(200);
const by = id;
const at = z.strictObject({ chat: id, thread: id.nullable() });
const line = z.strictObject({ by, at, text: z.string().max(8000), replyTo: id.nullable() });
const deed = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('press'), by, at, messageId: id, label: z.string().max(200) }),
  z.strictObject({ kind: z.literal('shortcut'), by, at, messageId: id, name: z.string().max(200) }),
  z.strictObject({ kind: z.literal('edit'), by, at, messageId: id, text: z.string().max(8000) }),
  z.strictObject({ kind: z.literal('delete'), by, at, messageId: id }),
]);

export interface PlayServer {
  readonly url: string;
  close(): Promise<void>;
}

/** @param port 0 for any free one */
export async function servePlay(room: PlayRoom, stack: StackState, port: number): Promise<PlayServer> {
  const app = playApp(room, stack);
  return await new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, (info: AddressInfo) => {
      resolve({
        url: `http://127.0.0.1:${String(info.port)}/`,
        close: async () => {
          await new Promise<void>((closed) => {
            server.close(() => {
              closed();
            });
            // Event streams never end by themselves.
            if ('closeAllConnections' in server) server.closeAllConnections();
          });
        },
      });
    });
    server.once('error', reject);
  });
}

function playApp(room: PlayRoom, stack: StackState): Hono {
  const { emulator } = room;
  const app = new Hono();
  app.use(onlyOurPages, pageHeaders);
  app.onError((error, context) => context.json({ error: error.message }, 400));

  for (const [path, [file, type]] of Object.entries(PAGE_FILES)) {
    app.get(path, async (context) =>
      context.body(await readFile(join(import.meta.dirname, 'page', file), 'utf8'), 200, {
        'content-type': type,
        'cache-control': 'no-store',
      }),
    );
  }

  app.get('/favicon.ico', ({ body }) => body(null, 204));

  app.get('/room', ({ json }) =>
    json({
      platform: emulator.platform,
      title: room.title,
      people: room.people,
      places: room.places,
      shortcuts: room.shortcuts,
      commands: room.commands,
    }),
  );

  app.get('/events', (context) =>
    streamSSE(context, async (stream) => {
      // After a broken connection the browser says what it saw last.
      let sent = Number(context.req.header('last-event-id') ?? '0') || 0;
      let wake = (): void => undefined;
      const stops = [emulator.conversation.watch(() => wake()), stack.watch(() => wake())];
      let told = -1;
      stream.onAbort(() => {
        for (const stop of stops) stop();
        wake();
      });
      while (!stream.aborted) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        for (; sent < emulator.conversation.events.length; sent += 1) {
          await stream.writeSSE({
            id: String(sent + 1),
            event: 'chat',
            data: JSON.stringify(emulator.conversation.events[sent]),
          });
        }
        if (stack.version !== told) {
          told = stack.version;
          await stream.writeSSE({ event: 'stack', data: JSON.stringify({ state: stack.state, line: stack.line }) });
        }
        await woken;
      }
    }),
  );

  app.post('/say', bodyLimit({ maxSize: MOST_UPLOAD_BYTES }), async (context) => {
    const form = await context.req.formData();
    const typed = line.parse(JSON.parse(z.string().parse(form.get('line'))));
    const files = await Promise.all(form.getAll('file').map(personFile));
    const acted = await emulator.act(lineAction(emulator.platform, { ...typed, files }));
    return context.json({ id: acted.id });
  });

  app.post('/do', bodyLimit({ maxSize: 64 * 1024 }), async (context) => {
    const acted = await emulator.act(deed.parse(await context.req.json()));
    return context.json({ id: acted.id });
  });

  app.post('/enter', bodyLimit({ maxSize: 64 * 1024 }), async (context) => {
    const { chat } = at.parse(await context.req.json());
    await room.enter?.(chat);
    return context.json({});
  });

  app.get('/picture.svg', ({ body }) =>
    body(
      chatPicture({
        platform: emulator.platform,
        events: emulator.conversation.events,
        nameOf: namesIn(room),
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      }),
      200,
      { 'content-type': 'image/svg+xml', 'cache-control': 'no-store' },
    ),
  );

  app.get('/files/:sha256/:name', (context) => {
    const { sha256, name } = context.req.param();
    const bytes = emulator.fileBytes?.(sha256) ?? null;
    if (bytes === null) return context.json({ error: 'there is no such file' }, 404);
    const type = PLAYED[name.slice(name.lastIndexOf('.') + 1).toLowerCase()];
    const headers = {
      'content-type': type ?? 'application/octet-stream',
      'content-disposition': type === undefined ? 'attachment' : 'inline',
      'accept-ranges': 'bytes',
    };
    const range = byteRange(context.req.header('range'), bytes.length);
    if (range === 'unsatisfiable') {
      return context.body(null, 416, { 'content-range': `bytes */${String(bytes.length)}` });
    }
    if (range === null) return context.body(new Uint8Array(bytes), 200, headers);
    const { first, last } = range;
    return context.body(new Uint8Array(bytes.subarray(first, last + 1)), 206, {
      ...headers,
      'content-range': `bytes ${String(first)}-${String(last)}/${String(bytes.length)}`,
    });
  });

  return app;
}

async function personFile(part: unknown): Promise<PersonFile> {
  if (!(part instanceof File)) throw new RangeError('a file is wanted');
  return {
    name: part.name,
    bytes: new Uint8Array(await part.arrayBuffer()),
    mimeType: part.type === '' ? 'application/octet-stream' : part.type,
  };
}
