// woodshed.yaml: its shape, its defaults, and plain sentences about what is wrong in it.
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { LINKING } from '../workflows/contract/linking.ts';
import { QUALITIES, STEM_FORMATS } from '../workflows/contract/request.ts';

export const DEVICES = ['auto', 'cpu', 'cuda', 'webgpu'] as const;
const above0 = z.number().positive();
const wholeAbove0 = z.number().int().positive();
const SHA256 = /^[0-9a-f]{64}$/u;
const EMAIL_RULE = 'it must be an address such as ada@example.org, or @example.org for everybody there';
const ACCOUNT_RULE =
  'it must be provider:id, such as discord:80351110224678912; providers are discord, slack, google and telegram';
const isEmailRule = (text: string): boolean => /^[^\s@]*@[^\s@]+\.[^\s@]+$/u.test(text);
const isAccount = (text: string): boolean => /^(?:discord|slack|google|telegram):[\w.:-]+$/u.test(text);

/** Which stem of which strategy is listened to. */
const heardStem = (strategy: string, stem: string) =>
  z
    .strictObject({
      strategy: z.string().default(strategy),
      stem: z.string().default(stem),
      quality: z.enum(QUALITIES).default('fast'),
    })
    .prefault({});

/** In place of a model: what needs none. */
/** What the file says where no network is asked. */
export const WITHOUT_NETWORK = { beats: 'built-in', chords: 'built-in', style: 'none' } as const;

export const configFileSchema = z.strictObject({
  strategies: z.record(z.string(), z.unknown()).default({}),
  defaults: z
    .strictObject({
      strategy: z.string().default('vocals'),
      quality: z.enum(QUALITIES).default('fast'),
      format: z.enum(STEM_FORMATS).default('mp3'),
    })
    .prefault({}),
  delivery: z
    .strictObject({
      targetLoudnessLufs: z.number().min(-70).max(0).default(-16),
      truePeakCeilingDbtp: z.number().min(-20).max(0).default(-1),
    })
    .prefault({}),
  hear: z
    .strictObject({
      lyrics: heardStem('vocals', 'vocals'),
      melody: heardStem('vocals', 'vocals'),
      guitar: heardStem('instruments', 'instruments'),
      bass: heardStem('instruments', 'instruments'),
    })
    .prefault({}),
  limits: z
    .strictObject({
      longestSongMinutes: above0.default(30),
      shortestSongSeconds: z.number().min(0).default(0.5),
      largestUploadMegabytes: above0.default(500),
      mostChannels: wholeAbove0.max(64).default(8),
    })
    .prefault({}),
  shares: z
    .strictObject({
      jobsPerMemberAndHour: wholeAbove0.default(10),
      audioMinutesPerBandAndDay: above0.default(600),
      megabytesPerBandAndDay: above0.default(5000),
      commandsPerMemberAndMinute: wholeAbove0.default(20),
    })
    .prefault({}),
  turns: z.strictObject({ shared: wholeAbove0.default(3) }).prefault({}),
  linking: z.enum(LINKING).default('always'),
  links: z
    .strictObject({
      direct: z.boolean().default(true),
      sites: z.record(z.string(), z.boolean()).default({}),
      allowPrivateHosts: z.array(z.string().min(1)).default([]),
    })
    .prefault({}),
  retention: z
    .strictObject({
      uploadHours: above0.default(24),
      resultDays: above0.default(30),
    })
    .prefault({}),
  web: z.strictObject({ linkHours: above0.default(72) }).prefault({}),
  signIn: z
    .strictObject({
      emails: z.array(z.string().toLowerCase().check(z.refine(isEmailRule, EMAIL_RULE))).default([]),
      inviteOnly: z.boolean().default(false),
      operators: z.array(z.string().check(z.refine(isAccount, ACCOUNT_RULE))).default([]),
      operatorsNeedSecondFactor: z.boolean().default(false),
    })
    .prefault({}),
  compute: z
    .strictObject({
      device: z.enum(DEVICES).default('auto'),
      threads: z.union([z.literal('auto'), wholeAbove0]).default('auto'),
      chunkSeconds: above0.default(12),
    })
    .prefault({}),
  media: z.strictObject({ slots: wholeAbove0.default(2) }).prefault({}),
  models: z
    .strictObject({
      lyrics: z.string().default('whisper-tiny-en'),
      beats: z.string().default(WITHOUT_NETWORK.beats),
      chords: z.string().default(WITHOUT_NETWORK.chords),
      style: z.string().default('musicnn-msd'),
      allowNonCommercial: z.boolean().default(false),
      pinnedHashes: z.record(z.string(), z.string().regex(SHA256)).default({}),
    })
    .prefault({}),
  timing: z
    .strictObject({
      computeHeartbeatSeconds: above0.default(60),
      mediaHeartbeatSeconds: above0.default(60),
      retrySeconds: above0.default(1),
    })
    .prefault({}),
});

export type ConfigFile = z.output<typeof configFileSchema>;
export type ConfigFileInput = z.input<typeof configFileSchema>;

/** `$${` stands for a plain `${`. */
const VARIABLE = /\$(\$\{)|\$\{([^}]*)\}/gu;

/** Puts the environment's values into every text of the document; each missing name is added to `problems` once. */
export function substituteVariables(
  value: unknown,
  env: Readonly<Record<string, string | undefined>>,
  problems: string[],
): unknown {
  if (typeof value === 'string') {
    return value.replace(VARIABLE, (_whole, escaped: string | undefined, name: string | undefined) => {
      if (escaped !== undefined) return escaped;
      const found = name === undefined ? undefined : env[name];
      if (found !== undefined && found !== '') return found;
      const sentence = `${name ?? ''} is not set, and the configuration file uses it`;
      if (!problems.includes(sentence)) problems.push(sentence);
      return '';
    });
  }
  if (Array.isArray(value)) return value.map((item) => substituteVariables(item, env, problems));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, substituteVariables(item, env, problems)]),
  );
}

/** The document as plain data; syntax errors go to `problems`. */
export function parseYaml(text: string, fileName: string, problems: string[]): unknown {
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true });
  if (document.errors.length > 0) {
    problems.push(...document.errors.map((error) => `${fileName}: ${error.message.split('\n')[0] ?? error.message}`));
    return {};
  }
  return (document.toJS({ maxAliasCount: 100 }) as unknown) ?? {};
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<PropertyKey, unknown>)[key];
  }
  return current;
}

/** One sentence per wrong setting. */
export function sentencesOf(error: z.ZodError, input: unknown, fileName: string): string[] {
  return error.issues.flatMap((issue) => {
    const name = issue.path.map(String).join('.');
    const where = name === '' ? fileName : `${fileName}: ${name}`;
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => `${fileName}: ${name === '' ? key : `${name}.${key}`} is not a setting`);
    }
    const found = shown(at(input, issue.path));
    if (issue.code === 'invalid_value')
      return [`${where} is ${found}; it can be ${issue.values.map(String).join(', ')}`];
    if (issue.code === 'too_small') {
      return [`${where} is ${found}; it must be ${issue.inclusive === true ? 'at least' : 'above'} ${issue.minimum}`];
    }
    if (issue.code === 'too_big') return [`${where} is ${found}; it can be ${issue.maximum} at most`];
    if (issue.code === 'invalid_type') {
      return [`${where} is ${found}; it must be a ${issue.expected === 'record' ? 'mapping' : issue.expected}`];
    }
    if (issue.code === 'invalid_format') {
      return [`${where} is ${found}; it must be the 64 small hexadecimal digits of a SHA-256`];
    }
    if (issue.code === 'invalid_union') return [`${where} is ${found}; it can be auto or a whole number above 0`];
    return [`${where} is ${found}: ${issue.message}`];
  });
}

/** A mapping of the file, whatever it holds. */
export function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
