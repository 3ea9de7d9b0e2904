/** What members wanted made of their stems: the player's pack, mixes. Rows hold how far it is; whoever looks hears of every change. */
import { createHash } from 'node:crypto';
import type { InferEntity } from '@mikro-orm/postgresql';
import type { FailureCode } from '../workflows/contract/failure.ts';
import type { StoredBlob } from '../workflows/contract/recording.ts';
import type { MadeRendering, RenderingRecipe, WantedRendering } from '../workflows/contract/rendering.ts';
import type { FinishedStem } from '../workflows/contract/stems.ts';
import { holdBlobs } from './artefacts.ts';
import { RENDERING_CHANNEL, notify } from './notify.ts';
import type { Database } from './orm.ts';
import { Rendering } from './rendering.entity.ts';
import { Separation, Stem } from './separation.entity.ts';

export interface RenderingView {
  readonly id: string;
  readonly separationId: string;
  readonly recipe: RenderingRecipe;
  readonly state: 'making' | 'made' | 'failed';
  /** 0 to 1. */
  readonly fraction: number;
  /** Null until it is made. */
  readonly blob: StoredBlob | null;
  readonly failure: FailureCode | null;
}

export interface Wish {
  readonly separationId: string;
  readonly recipe: RenderingRecipe;
}

export interface Renderings {
  /** A wish: of equal ones there is one rendering. What failed a minute ago, or is not kept any more, is begun again. */
  want(wish: Wish): Promise<RenderingView>;
  /** What became of a wish; null where nobody has it. */
  look(wish: Wish): Promise<RenderingView | null>;
  find(id: string): Promise<RenderingView | null>;
  /** What is to be made; null where it is made already, or nobody's any more. */
  open(id: string): Promise<WantedRendering | null>;
  /** Never goes back. */
  report(id: string, fraction: number): Promise<void>;
  /** Kept as long as the band keeps things. */
  save(id: string, made: MadeRendering): Promise<void>;
  fail(id: string, code: FailureCode): Promise<void>;
}

/** Raised whenever the same recipe makes other bytes. */
const VERSIONS: Readonly<Record<RenderingRecipe['kind'], number>> = { player: 1, mix: 1 };
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

export function createRenderings(database: Database): Renderings {
  return {
    async want({ separationId, recipe }) {
      return await database.transaction(async (em) => {
        const key = recipeKey(recipe);
        await em.execute(
          `insert into rendering as known (separation_id, recipe_key, recipe) values (?, ?, ?)
           on conflict (separation_id, recipe_key) do update set fraction = 0, blob = null, failure = null
           where (known.blob is not null and known.artefact_id is null)
             or (known.failure is not null and known.updated_at < now() - interval '1 minute')`,
          [separationId, key, JSON.stringify(recipe)],
        );
        return toView(await em.findOneOrFail(Rendering, { separation: separationId, recipeKey: key }));
      });
    },

    async look({ separationId, recipe }) {
      return await database.use(async (em) => {
        const row = await em.findOne(Rendering, { separation: separationId, recipeKey: recipeKey(recipe) });
        return row === null ? null : toView(row);
      });
    },

    async find(id) {
      return await database.use(async (em) => {
        const row = UUID.test(id) ? await em.findOne(Rendering, { id }) : null;
        return row === null ? null : toView(row);
      });
    },

    async open(id) {
      return await database.use(async (em) => {
        const row = await em.findOne(Rendering, { id });
        if (row === null || toView(row).state === 'made') return null;
        const stems = await em.find(Stem, { separation: row.separation.id }, { orderBy: { order: 'asc' } });
        return { recipe: row.recipe, stems: stems.map(toFinishedStem) };
      });
    },

    async report(id, fraction) {
      await database.transaction(async (em) => {
        const changed = await em.execute<unknown[]>(
          'update rendering set fraction = ? where id = ? and fraction < ? and blob is null returning id',
          [fraction, id, fraction],
        );
        if (changed.length > 0) await notify(em, RENDERING_CHANNEL, id);
      });
    },

    async save(id, { blob, held }) {
      await database.transaction(async (em) => {
        const row = await em.findOne(Rendering, { id });
        if (row === null) return;
        const { recording } = await em.findOneOrFail(
          Separation,
          { id: row.separation.id },
          { populate: ['recording'] },
        );
        const lineage = { recordingSha256: recording.sha256, separation: row.separation.id, recipe: row.recipeKey };
        const kind = row.recipe.kind === 'player' ? 'player' : 'encoded';
        const kept = held.map((each) => ({ kind, blob: each, lineage }) as const);
        const artefacts = await holdBlobs(em, recording.band.id, kept, 0);
        await em.execute('update rendering set blob = ?, artefact_id = ?, fraction = 1, failure = null where id = ?', [
          JSON.stringify(blob),
          artefacts.get(blob.key) ?? null,
          id,
        ]);
        await notify(em, RENDERING_CHANNEL, id);
      });
    },

    async fail(id, code) {
      await database.transaction(async (em) => {
        await em.execute('update rendering set failure = ? where id = ? and blob is null', [code, id]);
        await notify(em, RENDERING_CHANNEL, id);
      });
    },
  };
}

function recipeKey(recipe: RenderingRecipe): string {
  const version = `${recipe.kind}-v${String(VERSIONS[recipe.kind])}`;
  if (recipe.kind === 'player') return version;
  const gains = Object.entries(recipe.gains).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash('sha256')
    .update(JSON.stringify([gains, recipe.format]))
    .digest('hex');
  return `${version}-${hash.slice(0, 32)}`;
}

function toView(row: InferEntity<typeof Rendering>): RenderingView {
  const { id, recipe, fraction, failure } = row;
  const isMade = row.blob !== null && row.artefact != null;
  const state = isMade ? 'made' : failure === null ? 'making' : 'failed';
  return { id, separationId: row.separation.id, recipe, state, fraction, blob: isMade ? row.blob : null, failure };
}

function toFinishedStem(stem: FinishedStem): FinishedStem {
  const { name, pcm, loudnessLufs, peakDbtp, gainDb, waveform } = stem;
  return { name, pcm, loudnessLufs, peakDbtp, gainDb, waveform };
}
