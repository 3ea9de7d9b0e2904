/** An OpenAPI 3.1 description as a judge of requests. Schemas are compiled when first needed, once. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { isRecord } from './described.ts';
import type { DescribedCall, Description, Finding, SpecRequest } from './described.ts';
import { narrowUnions } from './narrow-unions.ts';
import { pathMatcher } from './path-template.ts';
import { readSchemaErrors } from './schema-errors.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, unknown>> };
}
type PathItem = Readonly<Record<string, Operation>> & { readonly parameters?: readonly Parameter[] };
interface Document {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, PathItem>>;
}

const DOCUMENT_ID = 'https://openapi.invalid/';

export async function openOpenApi(documentFile: string): Promise<Description> {
  const document = JSON.parse(await readFile(documentFile, 'utf8')) as Document;
  closeObjects(document);
  narrowUnions(document, (ref) => at(document, ref));
  const ajv = new Ajv2020({ strict: false, allErrors: true, coerceTypes: false, logger: false });
  formats.default(ajv);
  ajv.addFormat('snowflake', /^\d{1,20}$/u);
  ajv.addFormat('nonce', true);
  ajv.addSchema(document, DOCUMENT_ID, false, false);
  const coercing = new Ajv2020({ strict: false, coerceTypes: true, logger: false });
  formats.default(coercing);
  coercing.addFormat('snowflake', /^\d{1,20}$/u);
  coercing.addSchema(document, DOCUMENT_ID, false, false);

  const match = pathMatcher(Object.keys(document.paths));
  const calls = new Map<string, DescribedCall>();

  return {
    source: `${basename(documentFile)} ${document.info.version}`,
    find({ method, path }) {
      const template = match(path)?.template;
      if (template === undefined) return null;
      const verb = method.toLowerCase();
      const item = document.paths[template];
      const operation = item?.[verb];
      if (item === undefined || operation === undefined) return null;
      const name = `${method} ${template}`;
      const known = calls.get(name);
      if (known !== undefined) return known;
      const call = describe(name, template, verb, item, operation);
      calls.set(name, call);
      return call;
    },
  };

  function describe(name: string, template: string, verb: string, item: PathItem, operation: Operation): DescribedCall {
    const plain: { parameter: Parameter; validate: ValidateFunction }[] = [
      ...parametersUnder(['paths', template, 'parameters'], item.parameters),
      ...parametersUnder(['paths', template, verb, 'parameters'], operation.parameters),
    ];
    const bodies = operation.requestBody?.content ?? {};
    const json = 'application/json' in bodies ? 'application/json' : Object.keys(bodies)[0];
    const validateBody =
      json === undefined ? null : compile(ajv, ['paths', template, verb, 'requestBody', 'content', json, 'schema']);
    const uploads = uploadNames(bodies['multipart/form-data']);

    return {
      name,
      check(request) {
        const unknown: string[] = [];
        const violations: string[] = [];
        checkPlain(request, plain, unknown, violations);
        const body = checkBody(request);
        return { unknown: [...unknown, ...body.unknown], violations: [...violations, ...body.violations] };
      },
    };

    function checkPlain(
      { path, query }: SpecRequest,
      parameters: typeof plain,
      unknown: string[],
      violations: string[],
    ): void {
      const inPath = match(path)?.parameters ?? {};
      const queried = new Set(query.keys());
      for (const { parameter, validate } of parameters) {
        if (parameter.in === 'header') continue;
        const value = parameter.in === 'path' ? inPath[parameter.name] : query.get(parameter.name);
        queried.delete(parameter.in === 'query' ? parameter.name : '');
        if (value === undefined || value === null) {
          if (parameter.required === true) violations.push(`${parameter.in} parameter ${parameter.name} is missing`);
        } else if (!validate({ value })) {
          const { violations: why } = readSchemaErrors(validate.errors ?? []);
          violations.push(`${parameter.in} parameter ${parameter.name}: ${why.join('; ')}`);
        }
      }
      unknown.push(...queried);
    }

    function checkBody({ body, files }: SpecRequest): Finding {
      const unknown = files.flatMap((file) => (uploads.has(file) ? [] : [file.replace(/\[\d+\]$/u, '[n]')]));
      if (
        body === undefined ||
        body === null ||
        (validateBody === null && isRecord(body) && Object.keys(body).length === 0)
      ) {
        const missing = operation.requestBody?.required === true && files.length === 0;
        return { unknown, violations: missing ? ['the body is missing'] : [] };
      }
      if (validateBody === null) return { unknown, violations: ['takes no body'] };
      if (validateBody(body)) return { unknown, violations: [] };
      const read = readSchemaErrors(validateBody.errors ?? []);
      return { unknown: [...unknown, ...read.unknown], violations: read.violations };
    }
  }

  /** Query and path carry text: a validator of `{ value }` that turns it into the wanted type first. */
  function parametersUnder(
    pointer: readonly string[],
    parameters: readonly Parameter[] = [],
  ): { parameter: Parameter; validate: ValidateFunction }[] {
    return parameters.map((parameter, index) => ({
      parameter,
      validate: coercing.compile({
        type: 'object',
        properties: { value: { $ref: refTo([...pointer, String(index), 'schema']) } },
      }),
    }));
  }
}

/** What a local reference such as `#/components/schemas/Embed` stands for. */
function at(document: unknown, ref: string): unknown {
  return ref
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), document);
}

function compile(ajv: Ajv2020, pointer: readonly string[]): ValidateFunction {
  return ajv.compile({ $ref: refTo(pointer) });
}

function refTo(pointer: readonly string[]): string {
  const encoded = pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')));
  return `${DOCUMENT_ID}#/${encoded.join('/')}`;
}

/** The description names what an object has and leaves open what else; a client that sends something else has made a mistake. */
function closeObjects(value: unknown, insideAllOf = false): void {
  if (Array.isArray(value)) {
    for (const one of value) closeObjects(one, insideAllOf);
  } else if (isRecord(value)) {
    if (isRecord(value['properties']) && value['type'] !== undefined && !insideAllOf) {
      value['additionalProperties'] ??= false;
    }
    for (const [key, inner] of Object.entries(value)) closeObjects(inner, key === 'allOf');
  }
}

function uploadNames(multipart: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  (function walk(value: unknown): void {
    if (!isRecord(value)) return;
    for (const [name, schema] of Object.entries(isRecord(value['properties']) ? value['properties'] : {})) {
      if (isRecord(schema) && schema['contentEncoding'] === 'binary') names.add(name);
    }
    for (const inner of [value['schema'], ...(Array.isArray(value['allOf']) ? (value['allOf'] as unknown[]) : [])]) {
      walk(inner);
    }
  })(multipart);
  return names;
}
