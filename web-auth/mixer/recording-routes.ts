/**
 * Everything that belongs to one recording's mixer, below one prefix: for members of its band below `/r/:id`, for whoever has a shared link
 * below that link. Who may look is asked anew for every answer.
 */
import type { Hono } from 'hono';
import type { SeparationView } from '../../db/recording-view.ts';
import { createRecordingSheets } from '../../db/recording-sheets.repository.ts';
import type { RecordingSheets } from '../../db/recording-sheets.repository.ts';
import { createRenderings } from '../../db/renderings.repository.ts';
import type { Renderings } from '../../db/renderings.repository.ts';
import type { ResolveSong, SongAccess } from '../library/access.ts';
import type { PageRoom, WebContext, WebDeps, WebEnv } from '../web.ts';
import { answerAudio } from './audio.ts';
import { streamEvents } from './events.ts';
import { createExports } from './export.ts';
import { mixerPage } from './mixer-page.ts';
import { createPacks, wantPlayer } from './player-pack.ts';
import type { Packs } from './player-pack.ts';

export interface FileToLink {
  readonly key: string;
  readonly sha256: string;
  readonly fileName: string;
}

export interface MixerParts {
  /** Has it made unless it is being made; harmless again. */
  readonly startRendering: (renderingId: string, bandId: string) => Promise<void>;
  /** Path of a link to a file, which ends. */
  readonly linkTo: (file: FileToLink) => string;
}

export interface RecordingRoutes extends MixerParts {
  /** Such as `/r/:id`. */
  readonly prefix: string;
  readonly resolve: ResolveSong;
  /** What is answered instead of a page where {@link resolve} finds nothing; not found by default. */
  readonly otherwise?: (context: WebContext) => Promise<Response>;
}

/** One look: who asks for what, below which path. */
export interface Look extends SongAccess {
  /** Of the prefix as it was asked for, with the base path before it. */
  readonly base: string;
  readonly separation: SeparationView | null;
}

export interface MixerRoom extends MixerParts {
  readonly deps: WebDeps;
  readonly renderings: Renderings;
  readonly packs: Packs;
  readonly sheets: RecordingSheets;
  /** Again, from the start: access may have ended since. */
  readonly look: (context: WebContext) => Promise<Look | null>;
}

export function recordingRoutes(options: RecordingRoutes): PageRoom {
  return (app, deps) => {
    const { prefix, resolve, otherwise } = options;
    const renderings = createRenderings(deps.database);
    const look = async (context: WebContext): Promise<Look | null> => {
      const access = await resolve(context);
      return access === null
        ? null
        : { ...access, base: baseOf(context, deps, prefix), separation: pick(context, access) };
    };
    const sheets = createRecordingSheets(deps.database);
    const room: MixerRoom = { ...options, deps, renderings, packs: createPacks(deps.blobs), sheets, look };
    const exports = createExports(room);
    const answer = (app_: Hono<WebEnv>, path: string, give: (context: WebContext, found: Look) => Promise<Response>) =>
      app_.get(`${prefix}${path}`, async (context) => {
        const found = await look(context);
        if (found !== null) return await give(context, found);
        return path === '' && otherwise !== undefined ? await otherwise(context) : context.notFound();
      });
    answer(app, '', async (context, found) => await mixerPage(context, room, found));
    answer(app, '/player.json', async (context, found) => await wantPlayer(context, room, found));
    answer(app, '/audio/:stem', async (context, found) => await answerAudio(context, room, found));
    answer(app, '/events', async (context, found) => await streamEvents(context, room, found));
    app.post(`${prefix}/export`, async (context) => {
      const found = await look(context);
      return found === null ? context.notFound() : await exports(context, found);
    });
  };
}

/** The path that was asked for, as long as the prefix is. */
function baseOf(context: WebContext, { place }: WebDeps, prefix: string): string {
  const parts = new URL(context.req.url).pathname.split('/');
  return `${place.basePath}${parts.slice(0, prefix.split('/').length).join('/')}`;
}

/** The one that is asked for, else the newest. */
function pick(context: WebContext, { recording }: SongAccess): SeparationView | null {
  const wanted = context.req.query('separation');
  const [newest = null] = recording.separations;
  return wanted === undefined ? newest : (recording.separations.find(({ id }) => id === wanted) ?? newest);
}
