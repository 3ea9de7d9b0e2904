// What is written down of recordings, and what members say of them.
import type { EntityManager, InferEntity } from '@mikro-orm/postgresql';
import type { FactChanges, SongFacts } from '../workflows/contract/analysis.ts';
import type { SongReference } from '../workflows/contract/control-activities.ts';
import type { DecodedRecording, StoredBlob } from '../workflows/contract/recording.ts';
import type { MadeSheet, MadeSheets } from '../workflows/contract/sheets.ts';
import type { DeliveredFile } from '../workflows/contract/stems.ts';
import type { HeldBlob } from './artefacts.ts';
import { holdBlobs, prolong } from './artefacts.ts';
import { Job } from './job.entity.ts';
import { attachRecording } from './attach-recording.ts';
import type { Database } from './orm.ts';
import { Recording } from './recording.entity.ts';
import { SongFact } from './sheet.entity.ts';
import type { SheetKind, SheetParameters } from './sheet.entity.ts';
import { sqlArray } from './sql-array.ts';

export interface Sheets {
  /** What the job's band still has of a song, which is then what the job is about; prolongs its keeping time. Null otherwise. */
  findSong(input: { readonly jobId: string; readonly song: SongReference }): Promise<DecodedRecording | null>;
  /** Keeps what the job's requester says of its recording; returns all that holds now. */
  stateFacts(input: { readonly jobId: string; readonly changes: FactChanges }): Promise<SongFacts>;
  /** What was made of the job's recording already, all of it and still kept, which is then kept for longer; null otherwise. */
  find<Kind extends SheetKind>(input: SheetOfJob<Kind>): Promise<MadeSheets[Kind] | null>;
  /** Of the job's recording, whatever it was made with; all that it was made of is still kept. Null where there is none. */
  latest<Kind extends SheetKind>(input: Pick<SheetOfJob<Kind>, 'jobId' | 'kind'>): Promise<MadeSheets[Kind] | null>;
  /** The sheet and every file in one transaction. Again, it changes nothing. */
  save(input: SheetOfJob & { readonly made: MadeSheet; readonly files: readonly DeliveredFile[] }): Promise<void>;
}

export interface SheetOfJob<Kind extends SheetKind = SheetKind> {
  readonly jobId: string;
  readonly kind: Kind;
  readonly version: number;
  readonly parameters: SheetParameters;
}

/** `uploadHours` is for uploads, of which there are none here. */
const NO_UPLOADS = 0;

export function createSheets(database: Database): Sheets {
  return {
    async findSong({ jobId, song }) {
      return await database.transaction(async (em) => {
        const { band } = await em.findOneOrFail(Job, { id: jobId });
        const recording = await recordingOf(em, band.id, song);
        if (recording?.canonicalArtefact == null || recording.workingArtefact == null) return null;
        const audio = [recording.canonicalArtefact.id, recording.workingArtefact.id];
        if (!(await prolong(em, band.id, audio))) return null;
        await attachRecording(em, jobId, recording.id, recording.durationSeconds);
        const { sha256, title, durationSeconds, canonical, working } = recording;
        return { sha256, title, durationSeconds, canonical, working };
      });
    },

    async stateFacts({ jobId, changes }) {
      return await database.transaction(async (em) => {
        const { recording, requester } = await aboutOf(em, jobId);
        const said = Object.entries(changes).filter(([, value]) => value !== undefined);
        const kept = said.filter(([, value]) => value !== null);
        await em.execute('delete from song_fact where recording_id = ? and name = any(?::text[])', [
          recording.id,
          sqlArray(said.filter(([, value]) => value === null).map(([name]) => name)),
        ]);
        // Always in one order, so that two who say something at once wait for each other rather than for ever.
        for (const [name, value] of kept.toSorted(([one], [other]) => (one < other ? -1 : 1))) {
          await em.execute(
            `insert into song_fact (recording_id, name, value, stated_by_id) values (?, ?, ?::jsonb, ?)
             on conflict (recording_id, name) do update set value = excluded.value, stated_by_id = excluded.stated_by_id`,
            [recording.id, name, JSON.stringify(value), requester.id],
          );
        }
        const facts = await em.find(SongFact, { recording: recording.id });
        return Object.fromEntries(facts.map(({ name, value }) => [name, value])) as SongFacts;
      });
    },

    async find<Kind extends SheetKind>({ jobId, kind, version, parameters }: SheetOfJob<Kind>) {
      return await database.transaction(async (em) => {
        const { recording, band } = await aboutOf(em, jobId);
        const [sheet] = await em.execute<{ made: MadeSheets[Kind] }[]>(
          'select made from sheet where recording_id = ? and kind = ? and version = ? and parameters = ?::jsonb',
          [recording.id, kind, version, JSON.stringify(parameters)],
        );
        return sheet !== undefined && (await prolongWhole(em, band.id, sheet.made)) ? sheet.made : null;
      });
    },

    async latest<Kind extends SheetKind>({ jobId, kind }: Pick<SheetOfJob<Kind>, 'jobId' | 'kind'>) {
      return await database.transaction(async (em) => {
        const { recording, band } = await aboutOf(em, jobId);
        const [sheet] = await em.execute<{ made: MadeSheets[Kind] }[]>(
          'select made from sheet where recording_id = ? and kind = ? order by updated_at desc, id desc limit 1',
          [recording.id, kind],
        );
        return sheet !== undefined && (await prolongWhole(em, band.id, sheet.made)) ? sheet.made : null;
      });
    },

    async save({ jobId, kind, version, parameters, made, files }) {
      await database.transaction(async (em) => {
        const { recording, band } = await aboutOf(em, jobId);
        const lineage = { job: jobId, recordingSha256: recording.sha256, sheet: kind };
        const blobs = [...blobsOf(made), ...files.map(({ blob }) => blob)];
        const held = blobs.map((blob): HeldBlob => ({ kind: 'sheet', blob, lineage }));
        await holdBlobs(em, band.id, held, NO_UPLOADS);
        await em.execute(
          `insert into sheet (recording_id, kind, version, parameters, made) values (?, ?, ?, ?::jsonb, ?::jsonb)
           on conflict (recording_id, kind, version, parameters) do update set made = excluded.made`,
          [recording.id, kind, version, JSON.stringify(parameters), JSON.stringify(made)],
        );
      });
    },
  };
}

type RecordingRow = InferEntity<typeof Recording>;

async function recordingOf(em: EntityManager, band: string, song: SongReference): Promise<RecordingRow | null> {
  if ('sha256' in song) return await em.findOne(Recording, { band, sha256: song.sha256 });
  const earlier = await em.findOne(Job, { id: song.earlierJobId, band }, { populate: ['recording'] });
  return earlier?.recording ?? null;
}

/** What a job is about, once that is known. */
async function aboutOf(
  em: EntityManager,
  jobId: string,
): Promise<{ readonly recording: RecordingRow; readonly band: { id: string }; readonly requester: { id: string } }> {
  const { recording, band, requester } = await em.findOneOrFail(Job, { id: jobId }, { populate: ['recording'] });
  if (recording == null) throw new Error(`job ${jobId} is about no recording`);
  return { recording, band, requester };
}

/** Keeps what a sheet was made with for longer; false where some of it is not kept any more. */
async function prolongWhole(em: EntityManager, bandId: string, made: MadeSheet): Promise<boolean> {
  const keys = blobsOf(made).map(({ key }) => key);
  const held = await em.execute<{ id: string }[]>(
    'select id from artefact where band_id = ? and blob_key = any(?::text[])',
    [bandId, sqlArray(keys)],
  );
  const ids = held.map(({ id }) => id);
  return held.length === keys.length && (await prolong(em, bandId, ids));
}

function blobsOf({ blobs }: MadeSheet): readonly StoredBlob[] {
  return Object.values(blobs);
}
