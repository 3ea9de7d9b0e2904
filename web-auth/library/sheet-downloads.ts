/** `…/sheets/<sheet>/<file>` below a song's prefix: charts, words and tabs, for members of its band. */
import { createRecordingSheets } from '../../db/recording-sheets.repository.ts';
import type { SheetView } from '../../db/recording-sheets.repository.ts';
import type { StoredBlob } from '../../workflows/contract/recording.ts';
import { answerDirectly } from '../files/answer-directly.ts';
import { sendFile } from '../files/send-file.ts';
import type { PageRoom } from '../web.ts';
import type { ResolveSong } from './access.ts';
import { fileTitle } from './file-title.ts';

export interface SheetFile {
  readonly fileName: string;
  readonly blob: StoredBlob;
}

export function sheetFiles(sheet: SheetView): readonly SheetFile[] {
  return sheet.kind === 'analysis'
    ? [{ fileName: 'analysis.png', blob: sheet.made.blobs.picture }]
    : sheet.made.files.map(({ fileName, blob }) => ({ fileName, blob }));
}

export function sheetDownloads({
  prefix,
  resolve,
}: {
  readonly prefix: string;
  readonly resolve: ResolveSong;
}): PageRoom {
  return (app, deps) => {
    const sheets = createRecordingSheets(deps.database);

    app.get(`${prefix}/sheets/:sheet/:file`, async (context) => {
      const access = await resolve(context);
      if (access === null || access.memberId === null) return context.notFound();
      const { recording, memberId } = access;
      const { sheet: id, file: name } = context.req.param();
      const sheet = (await sheets.list(access, recording.id)).find((each) => each.id === id);
      const file = sheet === undefined ? undefined : sheetFiles(sheet).find(({ fileName }) => fileName === name);
      if (file === undefined) return context.notFound();
      const { fileName, blob } = file;
      // Pages show pictures by themselves.
      if (!fileName.endsWith('.png')) {
        const facts = { recordingId: recording.id, sheetId: id, format: fileName };
        await deps.audit.note({ kind: 'recording.exported', memberId, bandId: recording.bandId, facts });
      }
      const [, base = fileName, extension = ''] = /^(.*)(\.\w+)$/u.exec(fileName) ?? [];
      const wanted = { key: blob.key, sha256: blob.sha256, fileName: `${fileTitle(recording)} (${base})${extension}` };
      return await answerDirectly(
        context,
        deps,
        async ({ incoming, outgoing }) => await sendFile(incoming, outgoing, wanted, deps),
      );
    });
  };
}
