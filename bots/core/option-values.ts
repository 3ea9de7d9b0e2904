/** What each option of the command table holds, once it is looked at. */
import { z } from 'zod';
import { CHART_DETAILS } from '../../workflows/contract/chart.ts';
import { LANGUAGES } from '../../workflows/contract/job-view.ts';
import { LONGEST_LYRICS, QUALITIES, STEM_FORMATS } from '../../workflows/contract/request.ts';
import { CAPO_LIMITS, FRET_LIMITS } from '../../workflows/contract/resolve-tab.ts';
import { TAB_LEVELS, TAB_PARTS } from '../../workflows/contract/tab.ts';
import { HEARD, METRES, TRANSPOSE_LIMITS, YES_OR_NO } from './command-table.ts';
import type { OptionName } from './command-table.ts';
import { givenWords } from './given-words.ts';
import { readClock } from './read-clock.ts';
import { readKey } from './read-key.ts';

/** Longest text of one option or argument that is looked at. */
const TEXT_LIMIT = 4096;
/** What cutting leaves of a character of two halves. */
const HALF_AT_END = /[\uD800-\uDBFF]$/u;
const LONGEST_CODE = 32;
/** Slower and faster than anybody counts. */
const TEMPO_LIMITS_BPM = [20, 400] as const;

const text = z.string().max(TEXT_LIMIT);
const code = z
  .string()
  .max(LONGEST_CODE)
  .transform((typed) => typed.trim().toUpperCase())
  .refine((typed) => /^[\dA-Z]+$/u.test(typed));
/** What was said is taken back. */
const heard = z
  .string()
  .transform(plain)
  .pipe(z.enum([HEARD, 'auto']))
  .transform((): typeof HEARD => HEARD);
const tempo = z
  .string()
  .max(LONGEST_CODE)
  .transform((typed) => Number(typed.replace(/\s*bpm\s*$/iu, '').replace(',', '.')))
  .refine((bpm) => bpm >= TEMPO_LIMITS_BPM[0] && bpm <= TEMPO_LIMITS_BPM[1]);
const seconds = z
  .string()
  .max(LONGEST_CODE)
  .transform(readClock)
  .refine((found) => found !== null);
const key = z
  .string()
  .max(LONGEST_CODE)
  .transform(readKey)
  .refine((found) => found !== null);

function plain(typed: string): string {
  return typed.trim().toLowerCase();
}

/** Typed, or a number where the platform reads it. */
function whole([least, largest]: readonly [number, number]): z.ZodType<number> {
  return z
    .union([
      z.number(),
      z
        .string()
        .max(LONGEST_CODE)
        .regex(/^\s*[+\-−]?\d+\s*$/u),
    ])
    .transform((typed) => Number(String(typed).replace('−', '-')))
    .refine((value) => Number.isInteger(value) && value >= least && value <= largest);
}

export const VALUES = z.object({
  // A name that is too long is no file's, and whoever looks for it says so.
  song: z
    .string()
    .transform((typed) => typed.slice(0, TEXT_LIMIT).replace(HALF_AT_END, ''))
    .optional(),
  strategy: text.optional(),
  want: text.optional(),
  minus: text.optional(),
  quality: z.enum(QUALITIES).optional(),
  format: z.enum(STEM_FORMATS).optional(),
  tempo: z.union([heard, tempo]).optional(),
  metre: z.union([heard, z.enum(METRES)]).optional(),
  key: z.union([heard, key]).optional(),
  beat1: z.union([heard, seconds]).optional(),
  capo: whole(CAPO_LIMITS).optional(),
  transpose: whole(TRANSPOSE_LIMITS).optional(),
  detail: z.enum(CHART_DETAILS).optional(),
  words: z.string().transform(givenWords).pipe(z.string().max(LONGEST_LYRICS).nullable()).optional(),
  part: z.enum(TAB_PARTS).optional(),
  level: z.enum(TAB_LEVELS).optional(),
  tuning: text.optional(),
  frets: whole(FRET_LIMITS).optional(),
  alone: z.enum(YES_OR_NO).optional(),
  code: code.optional(),
  name: text.optional(),
  language: z.enum(LANGUAGES).optional(),
  inviteonly: z.enum(YES_OR_NO).optional(),
  forget: z.enum(YES_OR_NO).optional(),
  out: text.optional(),
} satisfies Record<OptionName, z.ZodType>);
export type Values = z.output<typeof VALUES>;
