/** Holds every request of a real client against the platform's machine-readable description, and against our small list of what it lacks. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DISCORD_LISTED } from '../discord/listed.ts';
import { SLACK_LISTED } from '../slack/listed.ts';
import { TELEGRAM_LISTED } from '../telegram/listed.ts';
import { isRecord, parametersOf } from './described.ts';
import type { Description, Finding, SpecRequest } from './described.ts';
import type { ChatEmulator, SpecReport } from './emulator.ts';
import type { ListedCall } from './listed.ts';
import { openOpenApi } from './openapi.ts';
import { pathMatcher } from './path-template.ts';
import { openSwagger2 } from './swagger2.ts';
import { openTelegramSpec } from './telegram-spec.ts';

export type { SpecRequest } from './described.ts';

export interface SpecCheck {
  /** @returns what is wrong with this request, each in a sentence; it is in the report too */
  check(request: SpecRequest): readonly string[];
  report(): SpecReport;
}

const PLATFORMS = {
  discord: { file: 'discord-openapi.json', open: openOpenApi, listed: DISCORD_LISTED },
  slack: { file: 'slack-web-api.json', open: openSwagger2, listed: SLACK_LISTED },
  telegram: { file: 'telegram-bot-api.json', open: openTelegramSpec, listed: TELEGRAM_LISTED },
} as const;

/** Where the descriptions lie when nobody says otherwise: they are not part of the project. */
export function defaultSpecsDir(): string {
  const shared = process.env['WOODSHED_SHARED'] ?? join(import.meta.dirname, '..', '..', '..', '..', 'shared');
  return join(shared, 'specs');
}

/** Without the folder of descriptions only the listed calls are checked, and the report's source is null. */
export async function openSpecCheck(
  platform: ChatEmulator['platform'],
  specsDir: string = defaultSpecsDir(),
): Promise<SpecCheck> {
  const { file, open, listed } = PLATFORMS[platform];
  const path = join(specsDir, file);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  return createSpecCheck(isThere ? await open(path) : null, listed);
}

export function createSpecCheck(description: Description | null, listed: readonly ListedCall[]): SpecCheck {
  const listedName = listedCallNames(listed);
  const violations: string[] = [];
  let [covered, fromList] = [0, 0];

  return {
    check(request) {
      const described = description?.find(request) ?? null;
      const name = described?.name ?? listedName(request);
      const entries = listed.filter(({ call }) => call === name);
      const extra = Object.assign({}, ...entries.map(({ parameters }) => parameters)) as ListedCall['parameters'];
      const found = checkListed(request, extra);
      let usedList = false;
      if (described !== null) {
        const finding = described.check(request);
        const excused = finding.unknown.filter((parameter) => parameter in extra);
        // Of a union every branch complains of an unknown member: look again at what is left without it.
        const left = excused.length > 0 ? described.check(without(request, excused)) : finding;
        usedList = excused.length > 0;
        found.push(...left.violations, ...left.unknown.map((parameter) => `does not take ${parameter}`));
      } else if (entries.some(({ whole }) => whole)) {
        usedList = true;
        found.push(...unlisted(request, extra).map((parameter) => `does not take ${parameter}`));
      } else if (description === null) {
        return note(request, found);
      } else {
        found.push('is not a method that the platform has');
      }
      if (found.length === 0) {
        if (usedList) fromList += 1;
        else covered += 1;
      }
      return note(request, found);
    },
    report: () => ({ source: description?.source ?? null, covered, listed: fromList, violations: [...violations] }),
  };

  function note({ method, path }: SpecRequest, found: readonly string[]): readonly string[] {
    const sentences = found.map((what) => `${method} ${path}: ${what}`);
    violations.push(...sentences);
    return sentences;
  }
}

/** Discord's calls are named by HTTP method and path template, the others' by the method's name alone. */
function listedCallNames(listed: readonly ListedCall[]): (request: SpecRequest) => string {
  const templates = listed.flatMap(({ call }) => (call.includes(' ') ? [call.slice(call.indexOf(' ') + 1)] : []));
  const match = pathMatcher(new Set(templates));
  return ({ method, path }) =>
    templates.length > 0 ? `${method} ${match(path)?.template ?? path}` : path.replace(/^\//u, '');
}

function checkListed(request: SpecRequest, extra: ListedCall['parameters']): string[] {
  const found: string[] = [];
  const given = parametersOf(request);
  for (const [name, schema] of Object.entries(extra)) {
    if (name === 'files[n]') continue;
    const result = schema.safeParse(valueAt(given, name));
    // What is not there breaks only a schema that does not let it be missing; inside a parameter that itself is missing, nothing does.
    if (!result.success && (valueAt(given, name) !== undefined || !name.includes('.'))) {
      found.push(`parameter ${name}: ${z.prettifyError(result.error).replaceAll('\n', ' ')}`);
    }
  }
  return found;
}

function unlisted(request: SpecRequest, extra: ListedCall['parameters']): string[] {
  const uploads = 'files[n]' in extra ? [] : request.files;
  return [...Object.keys(parametersOf(request)), ...uploads].filter((name) => name !== 'token' && !(name in extra));
}

function valueAt(value: unknown, dottedName: string): unknown {
  return dottedName.split('.').reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
}

function without(request: SpecRequest, names: Finding['unknown']): SpecRequest {
  const body: unknown = structuredClone(request.body);
  const query = new URLSearchParams(request.query);
  for (const name of names) {
    query.delete(name);
    const parts = name.split('.');
    const last = parts.pop() ?? '';
    const holder = valueAt({ body }, ['body', ...parts].join('.'));
    if (isRecord(holder)) delete holder[last];
  }
  const files = names.includes('files[n]') ? [] : request.files.filter((file) => !names.includes(file));
  return { ...request, body, query, files };
}
