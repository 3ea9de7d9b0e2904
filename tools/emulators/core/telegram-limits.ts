/** What the sentences of the Bot API page say about a field beyond its type, as JSON schema. */

export interface FieldLimits {
  /** Holds always. */
  readonly schema: Record<string, unknown>;
  /** Counted "after entities parsing": of the raw text it holds only where nothing is parsed out of it. */
  readonly whenUnparsed: Record<string, unknown> | null;
}

const CHARACTERS = /\b(\d+)-(\d+) characters(?<parsed> after entit(?:ies|y) parsing)?/gu;
const BYTES = /\b(\d+)-(\d+) bytes/u;
const ITEMS = /must include (\d+)-(\d+) items/u;
const VALUES = /Values between (\d+)-(\d+) are accepted/u;
const CONSTANT = /\bmust be (?<value>[a-z_]+)$/u;

export function readLimits(types: readonly string[], description: string): FieldLimits {
  const schema: Record<string, unknown> = {};
  let whenUnparsed: Record<string, unknown> | null = null;
  if (types.length === 1 && types[0] === 'String') {
    const characters = [...description.matchAll(CHARACTERS)];
    const [only] = characters;
    if (only !== undefined && characters.length === 1) {
      const range = { minLength: Number(only[1]), maxLength: Number(only[2]) };
      if (only.groups?.['parsed'] === undefined) {
        Object.assign(schema, range);
      } else {
        whenUnparsed = range;
      }
    }
    const bytes = BYTES.exec(description);
    if (bytes !== null) Object.assign(schema, { minLength: Number(bytes[1]), maxBytes: Number(bytes[2]) });
    const constant = CONSTANT.exec(description)?.groups?.['value'];
    if (constant !== undefined) schema['const'] = constant;
  }
  const items = ITEMS.exec(description);
  if (items !== null) Object.assign(schema, { minItems: Number(items[1]), maxItems: Number(items[2]) });
  const values = VALUES.exec(description);
  if (values !== null) Object.assign(schema, { minimum: Number(values[1]), maximum: Number(values[2]) });
  return { schema, whenUnparsed };
}
