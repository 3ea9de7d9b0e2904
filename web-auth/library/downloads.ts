/** Below a song's prefix: one stem, all stems as a ZIP, and their pictures. Who may look is asked anew for every answer. */
import type { SeparationView } from '../../db/recording-view.ts';
import { answerDirectly } from '../files/answer-directly.ts';
import { sendFile } from '../files/send-file.ts';
import { sendZip } from '../files/send-zip.ts';
import type { PageRoom, WebContext, WebDeps } from '../web.ts';
import type { ResolveSong, SongAccess } from './access.ts';
import { fileTitle } from './file-title.ts';
import { findKeptFile, keptFormats } from './kept-files.ts';

export interface DownloadRoutes {
  /** Such as `/r/:id`. */
  readonly prefix: string;
  readonly resolve: ResolveSong;
}

interface Found extends SongAccess {
  readonly separation: SeparationView;
}

/** `…/files/<separation>/<stem>.<format>`, `…/zip/<separation>/<format>` and `…/waveforms/<separation>/<stem>.png`. */
export function downloadRoutes({ prefix, resolve }: DownloadRoutes): PageRoom {
  return (app, deps) => {
    const find = async (context: WebContext): Promise<Found | null> => {
      const access = await resolve(context);
      const separation = access?.recording.separations.find(({ id }) => id === context.req.param('separation'));
      return access === null || separation === undefined ? null : { ...access, separation };
    };

    app.get(`${prefix}/files/:separation/:file`, async (context) => {
      const found = await find(context);
      const file = found === null ? null : findKeptFile(found.separation, context.req.param('file'));
      if (found === null || file === null) return context.notFound();
      await noteExport(context, deps, found, file.fileName.split('.').at(-1) ?? '');
      const { key, sha256 } = file.blob;
      const fileName = `${fileTitle(found.recording)} (${file.fileName.replace(/\.(\w+)$/u, ').$1')}`;
      return await answerDirectly(context, deps, async ({ incoming, outgoing }) => {
        return await sendFile(incoming, outgoing, { key, sha256, fileName }, deps);
      });
    });

    app.get(`${prefix}/zip/:separation/:format`, async (context) => {
      const found = await find(context);
      const kept = found === null ? [] : keptFormats(found.separation);
      const wanted = kept.find(({ format }) => format === context.req.param('format'));
      if (found === null || wanted === undefined) return context.notFound();
      await noteExport(context, deps, found, `zip of ${wanted.format}`);
      const { recording, separation } = found;
      const fileName = `${fileTitle(recording)} (${separation.strategy}, ${wanted.format}).zip`;
      const zip = { fileName, files: wanted.files, modifiedAt: separation.createdAt };
      return await answerDirectly(context, deps, async ({ incoming, outgoing }) => {
        return await sendZip(incoming, outgoing, zip, deps);
      });
    });

    app.get(`${prefix}/waveforms/:separation/:picture`, async (context) => {
      const found = await find(context);
      const picture = context.req.param('picture');
      const stem = found?.separation.stems.find(({ name }) => `${name}.png` === picture);
      if (stem === undefined) return context.notFound();
      const { key, sha256 } = stem.waveform;
      return await answerDirectly(context, deps, async ({ incoming, outgoing }) => {
        return await sendFile(incoming, outgoing, { key, sha256, fileName: picture }, deps);
      });
    });
  };
}

/** Once for each download: neither for a look at its head nor where one is taken up again. */
async function noteExport(context: WebContext, { audit }: WebDeps, found: Found, format: string): Promise<void> {
  const range = context.req.header('Range');
  if (context.req.method !== 'GET' || (range !== undefined && !range.startsWith('bytes=0-'))) return;
  const { memberId, shareId, recording, separation } = found;
  const facts = { recordingId: recording.id, separationId: separation.id, format, shareId };
  await audit.note({ kind: 'recording.exported', memberId, bandId: recording.bandId, facts });
}
