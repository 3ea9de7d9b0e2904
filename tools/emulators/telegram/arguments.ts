/** A request's parameters: every one is text, as a form carries it; JSON where it is an object. */
import { badRequest } from './api-error.ts';

export interface Arguments {
  /** The empty text where it is not there. */
  text(name: string): string;
  has(name: string): boolean;
  flag(name: string): boolean;
  /** Out of range is brought into range, what is no number is the fallback: so does the server. */
  integer(name: string, fallback: number, min?: number, max?: number): number;
  /** Undefined where it is not there. @throws ApiError 400 where it is no JSON */
  json(name: string): unknown;
  /** The same about the fields of an object within. */
  within(fields: Readonly<Record<string, unknown>>): Arguments;
}

export function createArguments(values: ReadonlyMap<string, string>): Arguments {
  const args: Arguments = {
    text: (name) => values.get(name) ?? '',
    has: (name) => (values.get(name) ?? '') !== '',
    flag: (name) => ['true', '1', 'yes'].includes((values.get(name) ?? '').trim().toLowerCase()),
    integer(name, fallback, min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER) {
      const value = values.get(name) ?? '';
      return /^-?\d+$/u.test(value) ? Math.min(max, Math.max(min, Number(value))) : fallback;
    },
    json(name) {
      const value = values.get(name) ?? '';
      if (value === '') return undefined;
      try {
        return JSON.parse(value) as unknown;
      } catch (error) {
        throw Object.assign(badRequest(`can't parse ${name.replaceAll('_', ' ')} JSON object`), { cause: error });
      }
    },
    within: (fields) => createArguments(toTexts(fields)),
  };
  return args;
}

/** A JSON object's fields as a form would carry them. */
export function toTexts(fields: Readonly<Record<string, unknown>>): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    texts.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return texts;
}
