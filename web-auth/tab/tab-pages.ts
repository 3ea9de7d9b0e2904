/** `/r/<recording>/tab` and what its script asks for; for members of the recording's band, below the prefix of its player. */
import { createRecordingSheets } from '../../db/recording-sheets.repository.ts';
import type { TabDocument } from '../../workflows/contract/tab.ts';
import { readWhole } from '../files/read-whole.ts';
import type { ResolveSong } from '../library/access.ts';
import type { PageRoom, WebContext } from '../web.ts';
import { newestOfEach } from '../library/newest-of-each.ts';
import { filesOf, pickTab, separationOf } from './tab-look.ts';
import type { TabLook } from './tab-look.ts';
import { tabPage } from './tab-page.ts';

type Kept = Pick<TabDocument, 'barsSeconds'> & Partial<TabDocument>;

export function tabPages({ prefix, resolve }: { readonly prefix: string; readonly resolve: ResolveSong }): PageRoom {
  return (app, deps) => {
    const { database, blobs, pages, place } = deps;
    const recordingSheets = createRecordingSheets(database);

    async function look(context: WebContext): Promise<TabLook | null> {
      const access = await resolve(context);
      if (access === null || access.memberId === null) return null;
      const { recording } = access;
      const sheets = newestOfEach(await recordingSheets.list(access, recording.id));
      const tab = pickTab(context, sheets);
      if (tab === null) return null;
      const base = `${place.basePath}${prefix.replace(':id', recording.id)}`;
      return { ...access, base, sheets, tab, separation: separationOf(access, tab) };
    }

    app.get(`${prefix}/tab`, async (context) => {
      const found = await look(context);
      return found === null ? context.notFound() : await tabPage(context, pages, found);
    });

    app.get(`${prefix}/tab.json`, async (context) => {
      const found = await look(context);
      const files = found === null ? null : filesOf(found.tab);
      if (files === null) return context.notFound();
      const [document, score] = await Promise.all([readWhole(blobs, files.document), readWhole(blobs, files.score)]);
      if (document === null || score === null) return context.notFound();
      // Tabs of before had no numbers but those from 1.
      const { barsSeconds, firstBarNumber = 1 } = JSON.parse(document.toString('utf8')) as Kept;
      context.header('Cache-Control', 'private, no-store');
      return context.json({ barsSeconds, firstBarNumber, score: score.toString('base64') });
    });
  };
}
