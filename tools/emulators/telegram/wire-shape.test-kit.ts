/** Holds what the emulator tells a bot against the transcription of the Bot API page: nothing made up, nothing missing. */
import { readFile } from 'node:fs/promises';

interface Field {
  readonly name: string;
  readonly types: readonly string[];
  readonly required: boolean;
}
interface Described {
  readonly fields?: readonly Field[];
  readonly subtypes?: readonly string[];
}
type Types = Readonly<Record<string, Described>>;

/** @returns judges `value` as being of a type of the page, by its name; each complaint is a path and what is wrong there */
export async function openWireShape(file: string): Promise<(type: string, value: unknown) => readonly string[]> {
  const { types } = JSON.parse(await readFile(file, 'utf8')) as { readonly types: Types };
  return (type, value) => complaints(types, type, value, type);
}

function complaints(types: Types, type: string, value: unknown, path: string): string[] {
  if (type.startsWith('Array of ')) {
    if (!Array.isArray(value)) return [`${path} is no array`];
    return value.flatMap((item, index) =>
      complaints(types, type.slice('Array of '.length), item, `${path}[${String(index)}]`),
    );
  }
  const described = types[type];
  if (described === undefined) return isScalar(type, value) ? [] : [`${path} is no ${type}`];
  if (typeof value !== 'object' || value === null) return [`${path} is no ${type}`];
  if (described.subtypes !== undefined && described.subtypes.length > 0) {
    const tries = described.subtypes.map((subtype) => complaints(types, subtype, value, path));
    return tries.sort((a, b) => a.length - b.length)[0] ?? [];
  }
  const fields = new Map((described.fields ?? []).map((field) => [field.name, field]));
  const missing = [...fields.values()].filter(({ name, required }) => required && !(name in value));
  return [
    ...missing.map(({ name }) => `${path} lacks ${name}`),
    ...Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
      const field = fields.get(name);
      if (field === undefined) return [`${path} has an unknown ${name}`];
      const tries = field.types.map((inside) => complaints(types, inside, inner, `${path}.${name}`));
      return tries.sort((a, b) => a.length - b.length)[0] ?? [];
    }),
  ];
}

function isScalar(type: string, value: unknown): boolean {
  switch (type) {
    case 'Integer':
      return Number.isInteger(value);
    case 'Float':
      return typeof value === 'number';
    case 'String':
      return typeof value === 'string';
    case 'Boolean':
      return typeof value === 'boolean';
    case 'True':
      return value === true;
    default:
      return false;
  }
}
