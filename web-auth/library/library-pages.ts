/**
 * `/` and `/library…`: songs of the visitor's bands. Whoever has not signed in sees none, and whose band it is not finds nothing. What is taken
 * home lies below `/r/:id` for members, and below `/s/:token` for whoever has a shared link.
 */
import type { Hono } from 'hono';
import { createBandLibrary } from '../../db/band-library.repository.ts';
import type { BandLibrary } from '../../db/band-library.repository.ts';
import type { PageRoom, WebContext, WebDeps, WebEnv } from '../web.ts';
import { memberAccess, sharedAccess } from './access.ts';
import { downloadRoutes } from './downloads.ts';
import { showFrontPage } from './front-page.ts';
import { jobsView, libraryView, noBand } from './library-view.ts';
import { memberOf } from './member-of.ts';
import { sheetDownloads } from './sheet-downloads.ts';
import { addSongPages } from './song-pages.ts';

const SONGS_PER_PAGE = 25;
const JOBS_SHOWN = 100;
const LONGEST_SEARCH = 200;

export const libraryPages: PageRoom = (app, deps) => {
  const { pages } = deps;
  const library = createBandLibrary(deps.database);

  app.get('/', async (context) =>
    context.get('visitor') === null
      ? await showFrontPage(context, deps)
      : context.redirect(pages.href('/library'), 303),
  );
  forMembers(app, deps, '/library');
  forMembers(app, deps, '/library/*');
  app.get('/library', async (context) => await showLibrary(context, deps, library));
  app.get('/library/jobs', async (context) => await showJobs(context, deps, library));
  addSongPages(app, deps, library);
  downloadRoutes({ prefix: '/r/:id', resolve: memberAccess(deps) })(app, deps);
  downloadRoutes({ prefix: '/s/:token', resolve: sharedAccess(deps) })(app, deps);
  sheetDownloads({ prefix: '/r/:id', resolve: memberAccess(deps) })(app, deps);
};

/** Looking leads to the sign-in, and back here; changing something is refused. */
function forMembers(app: Hono<WebEnv>, { pages }: WebDeps, path: string): void {
  app.use(path, async (context, next) => {
    if (context.get('visitor') !== null) {
      await next();
      return undefined;
    }
    return context.req.method === 'GET'
      ? context.redirect(pages.href('/sign-in?return_to=library'), 303)
      : await pages.sorry(context, 401, 'You are not signed in any more. Sign in, and do it again.');
  });
}

async function showLibrary(context: WebContext, { pages }: WebDeps, library: BandLibrary): Promise<Response> {
  const memberId = memberOf(context);
  const { band: wanted, before = null, q = '' } = context.req.query();
  const search = q.slice(0, LONGEST_SEARCH).trim();
  const bands = await library.bandsOf(memberId);
  const band = wanted === undefined ? bands[0] : bands.find(({ id }) => id === wanted);
  if (band === undefined) {
    return bands.length === 0
      ? await pages.render(context, { title: 'Library', body: noBand() })
      : await context.notFound();
  }
  const [{ recordings, next }, running] = await Promise.all([
    library.listRecordings(memberId, { bandId: band.id, search, before, limit: SONGS_PER_PAGE }),
    library.listJobs(memberId, { bandId: band.id, limit: JOBS_SHOWN, unfinishedOnly: true }),
  ]);
  const look = { bands, band, recordings, next, search, isFirstPage: before === null, running };
  return await pages.render(context, {
    title: band.name,
    body: libraryView(look, pages),
    styles: ['library/library.css'],
    scripts: ['look/local-times.ts', 'library/library.ts'],
  });
}

async function showJobs(context: WebContext, { pages }: WebDeps, library: BandLibrary): Promise<Response> {
  const memberId = memberOf(context);
  const bandId = context.req.query('band') ?? '';
  const band = (await library.bandsOf(memberId)).find(({ id }) => id === bandId);
  if (band === undefined) return await context.notFound();
  const jobs = await library.listJobs(memberId, { bandId, limit: JOBS_SHOWN });
  return await pages.render(context, {
    title: `Jobs of ${band.name}`,
    body: jobsView(band, jobs, pages),
    styles: ['library/library.css'],
    scripts: ['look/local-times.ts', 'library/library.ts'],
  });
}
