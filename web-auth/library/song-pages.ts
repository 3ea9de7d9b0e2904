/** `/library/songs/<id>…` and `/library/shares/<id>…`. */
import type { Hono } from 'hono';
import type { BandLibrary } from '../../db/band-library.repository.ts';
import { createRecordingShares } from '../../db/recording-shares.repository.ts';
import { createRecordingSheets } from '../../db/recording-sheets.repository.ts';
import { publicUrl } from '../web.ts';
import type { WebContext, WebDeps, WebEnv } from '../web.ts';
import { libraryPath } from './library-view.ts';
import { memberOf } from './member-of.ts';
import { deleteView, songView } from './song-view.ts';

const DAY_MS = 86_400_000;
/** Days after which a link may end by itself. */
const ENDS = new Map([
  ['7', 7],
  ['30', 30],
  ['365', 365],
]);

export function addSongPages(app: Hono<WebEnv>, deps: WebDeps, library: BandLibrary): void {
  const { pages, place } = deps;
  const shares = createRecordingShares(deps.database);
  const sheets = createRecordingSheets(deps.database);
  const songPath = (id: string): string => pages.href(`/library/songs/${id}`);

  async function showSong(context: WebContext, newLink: string | null): Promise<Response> {
    const memberId = memberOf(context);
    const id = context.req.param('id') ?? '';
    const [recording, listed, written] = await Promise.all([
      library.recordingFor(memberId, id),
      shares.list(memberId, id),
      sheets.list({ memberId, shareId: null }, id),
    ]);
    if (recording === null) return await context.notFound();
    return await pages.render(context, {
      title: recording.title,
      body: songView({ recording, sheets: written, shares: listed, newLink }, pages),
      styles: ['library/library.css'],
      scripts: ['look/local-times.ts', 'library/copy.ts'],
    });
  }

  async function askToDelete(context: WebContext, isBusy: boolean): Promise<Response> {
    const recording = await library.recordingFor(memberOf(context), context.req.param('id') ?? '');
    if (recording === null) return await context.notFound();
    return await pages.render(context, {
      title: `Delete ${recording.title}`,
      body: deleteView(recording, isBusy, pages),
      status: isBusy ? 409 : 200,
      styles: ['library/library.css'],
    });
  }

  app.get('/library/songs/:id', async (context) => await showSong(context, null));

  app.post('/library/songs/:id/rename', async (context) => {
    const { title, from } = await context.req.parseBody();
    const id = context.req.param('id');
    if (typeof title !== 'string' || title.trim() === '') {
      return await pages.sorry(context, 400, 'A song needs a title. Go back and give it one.');
    }
    const memberId = memberOf(context);
    if ((await library.rename(memberId, id, title)) === null) return await context.notFound();
    if (from !== 'library') return context.redirect(songPath(id), 303);
    const bandId = (await library.recordingFor(memberId, id))?.bandId ?? '';
    return context.redirect(`${pages.href(libraryPath(bandId))}#song-${id}`, 303);
  });

  app.get('/library/songs/:id/delete', async (context) => await askToDelete(context, false));

  app.post('/library/songs/:id/delete', async (context) => {
    const memberId = memberOf(context);
    const id = context.req.param('id');
    const bandId = (await library.recordingFor(memberId, id))?.bandId ?? '';
    const removed = await library.remove(memberId, id);
    if (removed === 'busy') return await askToDelete(context, true);
    return removed === 'none' ? await context.notFound() : context.redirect(pages.href(libraryPath(bandId)), 303);
  });

  app.post('/library/songs/:id/shares', async (context) => {
    const { days, title } = await context.req.parseBody();
    const lasting = typeof days === 'string' ? ENDS.get(days) : undefined;
    const made = await shares.make(memberOf(context), context.req.param('id'), {
      endsAt: lasting === undefined ? null : new Date(Date.now() + lasting * DAY_MS),
      showsTitle: title === 'yes',
    });
    return made === null ? await context.notFound() : await showSong(context, publicUrl(place, `/s/${made.token}`));
  });

  app.post('/library/shares/:id/revoke', async (context) => {
    const revoked = await shares.revoke(memberOf(context), context.req.param('id'));
    return revoked === null
      ? await context.notFound()
      : context.redirect(`${songPath(revoked.recordingId)}#sharing`, 303);
  });
}
