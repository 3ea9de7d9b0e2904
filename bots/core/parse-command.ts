import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { FailureReport } from '../../workflows/contract/failure.ts';
import { QUALITIES, STEM_FORMATS } from '../../workflows/contract/request.ts';
import type { Quality, StemFormat } from '../../workflows/contract/request.ts';

export interface SplitOptions {
  readonly strategy: string;
  readonly quality: Quality;
  readonly format: StemFormat;
}

export type ChatCommand =
  | {
      readonly kind: 'split';
      readonly target: string | null;
      readonly options: SplitOptions;
      readonly out: string | null;
    }
  | { readonly kind: 'jobs' }
  | { readonly kind: 'cancel'; readonly code: string | null }
  | { readonly kind: 'help' };

export type ParsedCommand = { readonly command: ChatCommand } | { readonly failure: FailureReport };

/** Longest text of one option or argument that is looked at. */
const TEXT_LIMIT = 4096;

const text = z.string().max(TEXT_LIMIT);
const splitValues = z.object({
  strategy: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,40}$/u)
    .optional(),
  quality: z.enum(QUALITIES).optional(),
  format: z.enum(STEM_FORMATS).optional(),
  out: text.optional(),
});

/**
 * Turns a verb and its words into a command. The chat's own mark-up (slash, quoting) is already off.
 * @param known names of strategies, for the sentence when one is not known
 */
export function parseCommand(
  verb: string,
  words: readonly string[],
  defaults: SplitOptions,
  known: readonly string[],
): ParsedCommand {
  switch (verb) {
    case 'split':
      return parseSplit(words, defaults, known);
    case 'jobs':
      return { command: { kind: 'jobs' } };
    case 'cancel':
      return { command: { kind: 'cancel', code: words[0]?.slice(0, 16).toUpperCase() ?? null } };
    case 'help':
    case 'start':
      return { command: { kind: 'help' } };
    default:
      return invalid('/command', 'split, jobs, cancel, help');
  }
}

function parseSplit(words: readonly string[], defaults: SplitOptions, known: readonly string[]): ParsedCommand {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        strategy: { type: 'string' },
        quality: { type: 'string' },
        format: { type: 'string' },
        out: { type: 'string' },
      },
    });
  } catch {
    return invalid('you gave', '--strategy, --quality, --format, --out');
  }
  const values = splitValues.safeParse(parsed.values);
  if (!values.success) {
    return explain(String(values.error.issues[0]?.path[0]), known);
  }
  const { strategy, quality, format, out } = values.data;
  if (strategy !== undefined && !known.includes(strategy)) {
    return { failure: { code: 'unknown-strategy', facts: { known: known.join(', ') } } };
  }
  const target = parsed.positionals[0]?.slice(0, TEXT_LIMIT) ?? null;
  return {
    command: {
      kind: 'split',
      target,
      options: {
        strategy: strategy ?? defaults.strategy,
        quality: quality ?? defaults.quality,
        format: format ?? defaults.format,
      },
      out: out ?? null,
    },
  };
}

function explain(option: string, known: readonly string[]): ParsedCommand {
  switch (option) {
    case 'strategy':
      return { failure: { code: 'unknown-strategy', facts: { known: known.join(', ') } } };
    case 'quality':
      return invalid('--quality', QUALITIES.join(', '));
    case 'format':
      return invalid('--format', STEM_FORMATS.join(', '));
    default:
      return invalid(`--${option}`, 'a folder');
  }
}

function invalid(option: string, known: string): ParsedCommand {
  return { failure: { code: 'option-invalid', facts: { option, known } } };
}
