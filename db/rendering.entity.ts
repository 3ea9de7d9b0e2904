import { defineEntity, p } from '@mikro-orm/postgresql';
import type { FailureCode } from '../workflows/contract/failure.ts';
import type { StoredBlob } from '../workflows/contract/recording.ts';
import type { RenderingRecipe } from '../workflows/contract/rendering.ts';
import { Artefact } from './artefact.entity.ts';
import { rowProperties, touchOnUpdate } from './row.ts';
import { Separation } from './separation.entity.ts';

/** What somebody wanted made of a separation's stems. It is there while its artefact is; past that it is made again when it is wanted again. */
export const Rendering = defineEntity({
  name: 'Rendering',
  tableName: 'rendering',
  triggers: [touchOnUpdate('rendering_touch')],
  uniques: [{ name: 'rendering_separation_recipe_key_unique', properties: ['separation', 'recipeKey'] }],
  checks: [
    // Quoted numbers: the schema comparison does not see through PostgreSQL's cast of a bare one.
    { name: 'rendering_fraction_check', expression: "fraction >= '0' and fraction <= '1'" },
  ],
  properties: {
    ...rowProperties,
    separation: () => p.manyToOne(Separation).deleteRule('cascade'),
    /** Equal recipes of a separation have one rendering. */
    recipeKey: p.text(),
    recipe: p.json<RenderingRecipe>(),
    fraction: p.double().$type<number>().default(0),
    blob: p.json<StoredBlob>().strictNullable(),
    artefact: () => p.manyToOne(Artefact).nullable().deleteRule('set null').index(),
    failure: p.text().$type<FailureCode>().strictNullable(),
  },
});
