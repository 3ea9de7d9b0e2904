/**
 * Unions of a JSON schema rewritten so that a validator complains of the one branch that was meant: of "null or this", of "this";
 * of objects told apart by the values of one member, of the one with that value. What it accepts stays the same.
 */
// oxlint-disable unicorn/no-thenable -- `then` is a keyword of JSON schema
import { isRecord } from './described.ts';

type Schema = Record<string, unknown>;

/** @param resolve finds what a `$ref` stands for */
export function narrowUnions(value: unknown, resolve: (ref: string) => unknown): void {
  if (Array.isArray(value)) {
    for (const one of value) narrowUnions(one, resolve);
    return;
  }
  if (!isRecord(value)) return;
  for (const inner of Object.values(value)) narrowUnions(inner, resolve);
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    const branches = value[keyword];
    if (!Array.isArray(branches) || !branches.every(isRecord)) continue;
    const narrowed = narrow(branches, resolve);
    if (narrowed === null || 'if' in value || ('allOf' in value && 'allOf' in narrowed)) continue;
    delete value[keyword];
    Object.assign(value, narrowed);
  }
}

function narrow(branches: readonly Schema[], resolve: (ref: string) => unknown): Schema | null {
  const rest = branches.filter(({ type }) => type !== 'null');
  if (rest.length < branches.length) {
    const inner = rest.length === 1 ? rest[0] : (narrow(rest, resolve) ?? { anyOf: rest });
    return rest.length === 0 ? null : { if: { not: { type: 'null' } }, then: inner };
  }
  const resolved = branches.map((branch) => {
    const target = typeof branch['$ref'] === 'string' ? resolve(branch['$ref']) : branch;
    return isRecord(target) ? target : {};
  });
  const tags = resolved.map(tagValues);
  for (const member of tags[0]?.keys() ?? []) {
    const values = tags.map((tag) => tag.get(member));
    const all = values.flatMap((some) => some ?? []);
    if (branches.length > 1 && !values.includes(undefined) && new Set(all).size === all.length) {
      return {
        allOf: [
          { type: 'object', required: [member], properties: { [member]: { enum: all } } },
          ...branches.map((branch, index) => ({
            if: { type: 'object', required: [member], properties: { [member]: { enum: values[index] } } },
            then: branch,
          })),
        ],
      };
    }
  }
  return null;
}

/** Required members that can have few values only, with those values. */
function tagValues({ required, properties }: Schema): Map<string, readonly unknown[]> {
  const found = new Map<string, readonly unknown[]>();
  for (const [name, schema] of Object.entries(isRecord(properties) ? properties : {})) {
    if (!isRecord(schema) || !Array.isArray(required) || !required.includes(name)) continue;
    if ('const' in schema) {
      found.set(name, [schema['const']]);
    } else if (Array.isArray(schema['enum'])) {
      found.set(name, schema['enum']);
    }
  }
  return found;
}
