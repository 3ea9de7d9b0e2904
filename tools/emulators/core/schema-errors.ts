/** ajv's errors, as few sentences as tell what is wrong. */
import type { ErrorObject } from 'ajv';

const MOST_SENTENCES = 3;

/**
 * Of a union every branch complains; the deepest complaint is of the branch that was meant.
 *
 * @returns unknown members by dotted path, and sentences for the rest
 */
export function readSchemaErrors(errors: readonly ErrorObject[]): { unknown: string[]; violations: string[] } {
  const telling = errors.filter(({ keyword }) => !['anyOf', 'oneOf', 'if', 'allOf'].includes(keyword));
  const beside = telling.filter(({ keyword }) => !['const', 'enum'].includes(keyword));
  const kept = beside.length > 0 && telling.length > beside.length ? beside : telling;
  const shown = (kept.length > 0 ? kept : [...errors]).toSorted((a, b) => depth(b) - depth(a));
  const unknown = new Set<string>();
  const violations = new Set<string>();
  for (const error of shown) {
    const at = dotted(error.instancePath);
    const { additionalProperty } = error.params as { additionalProperty?: string };
    if (additionalProperty === undefined) {
      const wanted = JSON.stringify(error.params);
      violations.add(`${at === '' ? 'the body' : at} ${error.message ?? error.keyword} ${wanted}`);
    } else {
      unknown.add([at, additionalProperty].filter((part) => part !== '').join('.'));
    }
  }
  return { unknown: [...unknown], violations: [...violations].slice(0, MOST_SENTENCES) };
}

function dotted(instancePath: string): string {
  return instancePath.split('/').filter(Boolean).join('.');
}

function depth({ instancePath, keyword }: ErrorObject): number {
  return instancePath.split('/').length + (keyword === 'additionalProperties' ? 1 : 0);
}
