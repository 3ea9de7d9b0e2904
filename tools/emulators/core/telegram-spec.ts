/** The transcription of the Bot API page as a judge of requests: turned into JSON schema, compiled when first needed. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parametersOf } from './described.ts';
import type { DescribedCall, Description } from './described.ts';
import { narrowUnions } from './narrow-unions.ts';
import { readSchemaErrors } from './schema-errors.ts';
import { readLimits } from './telegram-limits.ts';

interface Field {
  readonly name: string;
  readonly types: readonly string[];
  readonly required: boolean;
  readonly description: string;
}
interface Described {
  readonly name: string;
  readonly fields?: readonly Field[];
  readonly subtypes?: readonly string[];
}
interface Document {
  readonly version: string;
  readonly methods: Readonly<Record<string, Described>>;
  readonly types: Readonly<Record<string, Described>>;
}
type Schema = Record<string, unknown>;

const TYPES_ID = 'https://telegram.invalid/';

export async function openTelegramSpec(file: string): Promise<Description> {
  const document = JSON.parse(await readFile(file, 'utf8')) as Document;
  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
  ajv.addKeyword({
    keyword: 'maxBytes',
    type: 'string',
    schemaType: 'number',
    validate: (most: number, text: string) => Buffer.byteLength(text) <= most,
  });
  const types = Object.fromEntries(Object.values(document.types).map((type) => [type.name, objectSchema(type)]));
  narrowUnions(types, (ref) => types[ref.slice(`${TYPES_ID}#/$defs/`.length)]);
  ajv.addSchema({ $defs: types }, TYPES_ID);
  // The Bot API does not mind the case of a method's name.
  const methods = new Map(Object.values(document.methods).map((method) => [method.name.toLowerCase(), method]));
  const calls = new Map<string, DescribedCall>();
  return {
    source: `${basename(file)} ${document.version}`,
    find({ path }) {
      const method = methods.get(path.replace(/^\//u, '').toLowerCase());
      if (method === undefined) return null;
      const call = calls.get(method.name) ?? describe(ajv, method);
      calls.set(method.name, call);
      return call;
    },
  };
}

function describe(ajv: Ajv2020, method: Described): DescribedCall {
  const validate = ajv.compile(objectSchema(method));
  const fields = new Map((method.fields ?? []).map((field) => [field.name, field]));
  return {
    name: method.name,
    check(request) {
      const given: Record<string, unknown> = {};
      for (const [name, value] of Object.entries(parametersOf(request))) {
        given[name] = fromForm(fields.get(name)?.types ?? [], value);
      }
      const sent = JSON.stringify(given);
      const violations = ['GET', 'POST'].includes(request.method) ? [] : [`is not called by ${request.method}`];
      for (const file of request.files) {
        if (fields.get(file)?.types.includes('InputFile') === true) {
          given[file] = `attach://${file}`;
        } else if (!sent.includes(JSON.stringify(`attach://${file}`))) {
          violations.push(`nothing refers to the uploaded file ${file}`);
        }
      }
      for (const [, name = ''] of sent.matchAll(/"attach:\/\/([^"]*)"/gu)) {
        if (!request.files.includes(name)) violations.push(`refers to an uploaded file ${name} that is not there`);
      }
      if (validate(given)) return { unknown: [], violations };
      const read = readSchemaErrors(validate.errors ?? []);
      return { unknown: read.unknown, violations: [...violations, ...read.violations] };
    },
  };
}

function objectSchema({ fields = [], subtypes }: Described): Schema {
  if (subtypes !== undefined && subtypes.length > 0) {
    return { anyOf: subtypes.map((name) => ({ $ref: `${TYPES_ID}#/$defs/${name}` })) };
  }
  const unparsed: Schema = {};
  const properties: Schema = {};
  for (const { name, types, description } of fields) {
    const limits = readLimits(types, description);
    properties[name] = { ...schemaOfTypes(types), ...limits.schema };
    if (limits.whenUnparsed !== null) unparsed[name] = limits.whenUnparsed;
  }
  return {
    type: 'object',
    properties,
    required: fields.filter(({ required }) => required).map(({ name }) => name),
    additionalProperties: false,
    ...(Object.keys(unparsed).length > 0 && {
      if: { required: ['parse_mode'] },
      else: { properties: unparsed },
    }),
  };
}

function schemaOfTypes(types: readonly string[]): Schema {
  const [only, ...more] = types.map(schemaOfType);
  return more.length === 0 ? (only ?? {}) : { anyOf: [only, ...more] };
}

function schemaOfType(type: string): Schema {
  if (type.startsWith('Array of ')) return { type: 'array', items: schemaOfType(type.slice('Array of '.length)) };
  switch (type) {
    case 'Integer':
      return { type: 'integer' };
    case 'Float':
      return { type: 'number' };
    case 'String':
      return { type: 'string' };
    case 'Boolean':
      return { type: 'boolean' };
    case 'True':
      return { const: true };
    case 'InputFile':
      return { type: 'string', pattern: '^attach://' };
    default:
      return { $ref: `${TYPES_ID}#/$defs/${type}` };
  }
}

/** A form carries everything as text, objects as JSON. */
function fromForm(types: readonly string[], value: unknown): unknown {
  if (typeof value !== 'string' || types.some((type) => ['String', 'InputFile'].includes(type))) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    // It stays text, which is then found to be of the wrong type.
    return value;
  }
}
