import { defineEntity, p } from '@mikro-orm/postgresql';
import { QUALITIES } from '../workflows/contract/request.ts';
import type { PcmBlob, StoredBlob } from '../workflows/contract/recording.ts';
import { Artefact } from './artefact.entity.ts';
import { Recording } from './recording.entity.ts';
import { rowProperties, touchOnUpdate } from './row.ts';

/** One plan carried out on one recording. It is written with all of its stems or not at all. */
export const Separation = defineEntity({
  name: 'Separation',
  tableName: 'separation',
  triggers: [touchOnUpdate('separation_touch')],
  uniques: [{ name: 'separation_recording_plan_key_unique', properties: ['recording', 'planKey'] }],
  properties: {
    ...rowProperties,
    recording: () => p.manyToOne(Recording).deleteRule('cascade'),
    planKey: p.text(),
    strategy: p.text(),
    quality: p.enum(QUALITIES),
    nullDepthDb: p.double().$type<number>().strictNullable(),
  },
});

/** One part of a recording, or the residual that makes the parts sum to the mix. Levels are null for silence. */
export const Stem = defineEntity({
  name: 'Stem',
  tableName: 'stem',
  triggers: [touchOnUpdate('stem_touch')],
  uniques: [
    { name: 'stem_separation_name_unique', properties: ['separation', 'name'] },
    { name: 'stem_separation_order_unique', properties: ['separation', 'order'] },
    { name: 'stem_one_residual_unique', properties: ['separation'], where: 'is_residual' },
  ],
  properties: {
    ...rowProperties,
    separation: () => p.manyToOne(Separation).deleteRule('cascade'),
    name: p.text(),
    order: p.integer(),
    isResidual: p.boolean(),
    pcm: p.json<PcmBlob>(),
    waveform: p.json<StoredBlob>(),
    loudnessLufs: p.double().$type<number>().strictNullable(),
    peakDbtp: p.double().$type<number>().strictNullable(),
    gainDb: p.double().$type<number>().strictNullable(),
    pcmArtefact: () => p.manyToOne(Artefact).index(),
    waveformArtefact: () => p.manyToOne(Artefact).index(),
  },
});
