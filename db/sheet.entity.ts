import { defineEntity, p } from '@mikro-orm/postgresql';
import type { SongFacts } from '../workflows/contract/analysis.ts';
import type { MadeSheet, MadeSheets } from '../workflows/contract/sheets.ts';
import { ChatIdentity } from './chat-identity.entity.ts';
import { Recording } from './recording.entity.ts';
import { rowProperties, touchOnUpdate } from './row.ts';

export const SHEET_KINDS = ['analysis', 'chords', 'lyrics', 'tab'] as const satisfies readonly (keyof MadeSheets)[];
export type SheetKind = (typeof SHEET_KINDS)[number];
/** As JSON: two that say the same are one. */
export type SheetParameters = object;

/** Something written down of a recording. Its files may go before it; then it is written anew. */
export const Sheet = defineEntity({
  name: 'Sheet',
  tableName: 'sheet',
  triggers: [touchOnUpdate('sheet_touch')],
  uniques: [{ name: 'sheet_recording_made_of_unique', properties: ['recording', 'kind', 'version', 'parameters'] }],
  properties: {
    ...rowProperties,
    recording: () => p.manyToOne(Recording).deleteRule('cascade'),
    kind: p.enum(SHEET_KINDS),
    /** Of the code that made it. */
    version: p.integer(),
    /** Besides the recording, all that decides what it says. */
    parameters: p.json<SheetParameters>(),
    made: p.json<MadeSheet>(),
  },
});

export const FACT_NAMES = [
  'tempoFactor',
  'tempoBpm',
  'downbeatSeconds',
  'beatsPerBar',
  'key',
] as const satisfies readonly (keyof SongFacts)[];

/** What a member says of a recording: above what was found, until somebody says otherwise. */
export const SongFact = defineEntity({
  name: 'SongFact',
  tableName: 'song_fact',
  triggers: [touchOnUpdate('song_fact_touch')],
  uniques: [{ name: 'song_fact_recording_name_unique', properties: ['recording', 'name'] }],
  properties: {
    ...rowProperties,
    recording: () => p.manyToOne(Recording).deleteRule('cascade'),
    name: p.enum(FACT_NAMES),
    value: p.json<number | SongFacts['key']>(),
    statedBy: () => p.manyToOne(ChatIdentity).deleteRule('cascade').index(),
  },
});
