/** What is written down of a recording, as browsers show it. The statement asks by itself whether this one may see it. */
import type { MadeSheets } from '../workflows/contract/sheets.ts';
import type { Database } from './orm.ts';
import { dateOf, UUID } from './recording-view.ts';
import type { Written } from './recording-view.ts';
import { LEADS_THERE } from './recording-shares.repository.ts';
import type { SheetKind } from './sheet.entity.ts';

export interface RecordingSheets {
  /** Those of which everything is kept, newest first; none for whoever may not see the recording. */
  list(viewer: SheetViewer, recordingId: string): Promise<readonly SheetView[]>;
}

/** A member of a band, or whoever has a link that was shared; with both, the member. */
export interface SheetViewer {
  readonly memberId: string | null;
  readonly shareId: string | null;
}

export type SheetViewOf<Kind extends SheetKind> = Kind extends SheetKind
  ? {
      readonly id: string;
      readonly kind: Kind;
      readonly made: MadeSheets[Kind];
      readonly madeAt: Date;
      /** When the first part of it goes; null keeps it. */
      readonly keptUntil: Date | null;
    }
  : never;
export type SheetView = SheetViewOf<SheetKind>;

const MEMBER = 'join membership on membership.band_id = recording.band_id and membership.member_id = ?';
const SHARED = `join share_link on share_link.recording_id = recording.id and share_link.id = ? and ${LEADS_THERE}`;

const KEPT = `select min(artefact.expires_at) as until, count(artefact.id) = count(*) as whole
  from (select jsonb_path_query(sheet.made, '$.blobs.*.key') #>> '{}' union all
    select jsonb_path_query(sheet.made, '$.files[*].blob.key') #>> '{}') as part (key)
  left join artefact on artefact.band_id = recording.band_id and artefact.blob_key = part.key
    and (artefact.expires_at is null or artefact.expires_at > now())`;

export function createRecordingSheets(database: Database): RecordingSheets {
  return {
    async list({ memberId, shareId }, recordingId) {
      const viewer = memberId ?? shareId;
      if (viewer === null || !UUID.test(recordingId)) return [];
      const rows = await database.use(
        async (em) =>
          await em.execute<Written<SheetView>[]>(
            `select sheet.id, sheet.kind, sheet.made, to_json(sheet.updated_at) as "madeAt", to_json(kept.until) as "keptUntil"
             from recording ${memberId === null ? SHARED : MEMBER} join sheet on sheet.recording_id = recording.id,
             lateral (${KEPT}) as kept where recording.id = ? and kept.whole order by sheet.updated_at desc, sheet.id`,
            [viewer, recordingId],
          ),
      );
      return rows.map((row) => ({ ...row, madeAt: new Date(row.madeAt), keptUntil: dateOf(row.keptUntil) }));
    },
  };
}

/** The newest, of those that a list holds, newest first. */
export function newestOf<Kind extends SheetKind>(sheets: readonly SheetView[], kind: Kind): SheetViewOf<Kind> | null {
  return (sheets.find((sheet) => sheet.kind === kind) as SheetViewOf<Kind> | undefined) ?? null;
}
