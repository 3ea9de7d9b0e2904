/** A Swagger 2 description of a form-style API as a judge of requests. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { isRecord, parametersOf } from './described.ts';
import type { DescribedCall, Description } from './described.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'formData' | 'header';
  readonly type: 'string' | 'boolean' | 'integer' | 'number';
  readonly required?: boolean;
  readonly description?: string;
}
interface Document {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly parameters?: readonly Parameter[] }>>>>;
}

export async function openSwagger2(file: string): Promise<Description> {
  const document = JSON.parse(await readFile(file, 'utf8')) as Document;
  const calls = new Map<string, DescribedCall>();
  for (const [path, verbs] of Object.entries(document.paths)) {
    const name = path.slice(1);
    const parameters = Object.values(verbs).flatMap((operation) => operation.parameters ?? []);
    calls.set(name, describe(name, parameters));
  }
  return {
    source: `${basename(file)} ${document.info.version}`,
    find: ({ path }) => calls.get(path.replace(/^\//u, '')) ?? null,
  };
}

/** The Web API takes every method by GET and by POST, and every parameter in the query or in the body, whatever the description says. */
function describe(name: string, parameters: readonly Parameter[]): DescribedCall {
  const byName = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  return {
    name,
    check(request) {
      const given = parametersOf(request);
      const violations = ['GET', 'POST'].includes(request.method) ? [] : [`is not called by ${request.method}`];
      for (const { name: wanted, required, in: place } of byName.values()) {
        // The token travels in the Authorization header, which is the emulator's to check.
        if (required === true && place !== 'header' && wanted !== 'token' && given[wanted] === undefined) {
          violations.push(`parameter ${wanted} is missing`);
        }
      }
      const unknown: string[] = [...request.files];
      for (const [key, value] of Object.entries(given)) {
        const parameter = byName.get(key);
        if (parameter === undefined) {
          unknown.push(key);
        } else {
          const wrong = wrongOf(parameter, value);
          if (wrong !== null) violations.push(`parameter ${key} ${wrong}`);
        }
      }
      return { unknown, violations };
    },
  };
}

function wrongOf({ type, description = '' }: Parameter, value: unknown): string | null {
  if (/JSON-(?:based array|encoded string)/u.test(description)) {
    return isJson(value, description.includes('array')) ? null : 'is not the JSON that is wanted';
  }
  switch (type) {
    case 'string':
      return typeof value === 'string' ? null : `is to be text, and is ${typeof value}`;
    case 'boolean':
      return typeof value === 'boolean' || ['true', 'false', '1', '0'].includes(value as string)
        ? null
        : `is to be true or false, and is ${JSON.stringify(value)}`;
    case 'integer':
      return /^-?\d+$/u.test(textOf(value)) ? null : `is to be a whole number, and is ${JSON.stringify(value)}`;
    case 'number':
      return textOf(value) !== '' && Number.isFinite(Number(textOf(value)))
        ? null
        : `is to be a number, and is ${JSON.stringify(value)}`;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** As text in a form, or as it is in a JSON body. */
function isJson(value: unknown, array: boolean): boolean {
  let parsed = value;
  if (typeof value === 'string') {
    try {
      parsed = JSON.parse(value) as unknown;
    } catch {
      return false;
    }
  }
  return array ? Array.isArray(parsed) : isRecord(parsed);
}
