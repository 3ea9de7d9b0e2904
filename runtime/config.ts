/** The configuration: the environment and woodshed.yaml, read once, checked, and frozen. Everything wrong is said at once. */
import { readFileSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { LINKING } from '../workflows/contract/linking.ts';
import type { LinkPolicy } from '../workflows/contract/linking.ts';
import type { Quality, StemFormat } from '../workflows/contract/request.ts';
import type { HeardStems } from '../workflows/contract/sheets.ts';
import type { StrategyNode } from '../workflows/contract/stems.ts';
import type { Timing } from '../workflows/contract/timing.ts';
import {
  configFileSchema,
  DEVICES,
  isSection,
  parseYaml,
  sentencesOf,
  substituteVariables,
  WITHOUT_NETWORK,
} from './config-file.ts';
import type { ConfigFile, ConfigFileInput } from './config-file.ts';
import { createEnvironmentReader } from './environment.ts';
import { readChats } from './chats-config.ts';
import type { ChatsConfig } from './chats-config.ts';
import { LOG_LEVELS } from './log.ts';
import type { LogLevel } from './log.ts';
import { checkLinking } from './linking-config.ts';
import { readSignInProviders } from './sign-in-config.ts';
import type { SignInConfig } from './sign-in-config.ts';
import { readS3 } from './s3-config.ts';
import type { S3Config } from './s3-config.ts';
import { parseStrategies } from './strategies-config.ts';
import type { SlotsOf } from './strategy-tree.ts';
import { readSecrets, readWebAddress } from './web-config.ts';
import type { WebConfig } from './web-config.ts';

export interface Config {
  readonly projectRoot: string;
  /** Where the person who started Woodshed stands: relative paths count from here. */
  readonly standingIn: string;
  /** What must not be lost. */
  readonly dataDir: string;
  /** What may be deleted: binaries, weights, compiled models. */
  readonly cacheDir: string;
  readonly logLevel: LogLevel;
  /** Null: the embedded server. */
  readonly databaseUrl: string | null;
  readonly temporal: { readonly address: string | null; readonly namespace: string };
  /** Null: a folder of the data folder. */
  readonly s3: S3Config | null;
  readonly strategies: Readonly<Record<string, StrategyNode>>;
  readonly defaults: { readonly strategy: string; readonly quality: Quality; readonly format: StemFormat };
  /** What is listened to for the words of a song, and for the parts of a tab. */
  readonly hear: HeardStems;
  readonly delivery: { readonly targetLoudnessLufs: number; readonly truePeakCeilingDbtp: number };
  readonly limits: {
    readonly longestSongSeconds: number;
    readonly shortestSongSeconds: number;
    readonly largestUploadBytes: number;
    readonly mostChannels: number;
  };
  /** What members and bands may use of a machine that they share. */
  readonly shares: {
    readonly jobsPerMemberAndHour: number;
    readonly audioMinutesPerBandAndDay: number;
    readonly megabytesPerBandAndDay: number;
    readonly commandsPerMemberAndMinute: number;
  };
  /**
   * Jobs under way at once: all for one member while nobody else has any, else shared evenly, and one each at least. As many cards go
   * up within three seconds.
   */
  readonly turns: { readonly shared: number };
  /** Who links their chat account in a browser before they get a result. */
  readonly linking: LinkPolicy;
  readonly links: {
    readonly direct: boolean;
    readonly sites: readonly string[];
    /** Hosts of the own network that links may lead to, as `host` or `host:port`. */
    readonly allowPrivateHosts: readonly string[];
  };
  readonly retention: { readonly uploadHours: number; readonly resultDays: number };
  readonly compute: {
    readonly device: (typeof DEVICES)[number];
    readonly threads: number;
    readonly chunkSeconds: number;
  };
  readonly media: { readonly slots: number };
  readonly models: {
    /** Id of the model that hears words. */
    readonly lyrics: string;
    /** Ids of the networks that hear beats and chords; null: the built-in methods. */
    readonly beats: string | null;
    readonly chords: string | null;
    /** Id of the network that guesses genre and mood; null: nobody does. */
    readonly style: string | null;
    readonly allowNonCommercial: boolean;
    readonly pinnedHashes: Readonly<Record<string, string>>;
  };
  readonly timing: Timing;
  readonly chats: ChatsConfig;
  /** The first signs and seals, all are taken. Empty: `npm start` makes one, containers sign and seal nothing. */
  readonly secrets: readonly string[];
  readonly web: WebConfig;
  readonly signIn: SignInConfig;
}

/** Thrown with every missing or wrong name, one plain sentence each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      ['Woodshed cannot start with this configuration:', ...problems.map((problem) => `  - ${problem}`)].join('\n'),
    );
    this.problems = problems;
  }
}

type FileOverrides = { readonly [K in keyof ConfigFileInput]?: unknown };

export interface LoadConfigOptions {
  /** This process's environment by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly projectRoot?: string;
  /** By default where npm was called from, or the working folder. */
  readonly standingIn?: string;
  /** Put over the file's top-level sections, key by key; for tests and command-line options. */
  readonly overrides?: FileOverrides;
  /** Checks the slots of strategies against what separators really give. */
  readonly slotsOf?: SlotsOf;
}

function withOverrides(file: unknown, overrides: FileOverrides): unknown {
  if (!isSection(file)) return file;
  const merged: Record<string, unknown> = { ...file };
  for (const [section, value] of Object.entries(overrides)) {
    const below = merged[section];
    merged[section] = isSection(below) && isSection(value) ? { ...below, ...value } : value;
  }
  return merged;
}

function readFile(path: string, problems: string[]): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    problems.push(
      `the configuration file ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
    );
    return '';
  }
}

function networkOf(what: keyof typeof WITHOUT_NETWORK, model: string): string | null {
  return model === WITHOUT_NETWORK[what] ? null : model;
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) frozen(inner);
    Object.freeze(value);
  }
  return value;
}

/** What each setting alone does not show. */
function contradictions(file: ConfigFile, strategies: Config['strategies'], someAreWrong: boolean): string[] {
  const { defaults, web, retention, signIn } = file;
  const keptHours = retention.resultDays * 24;
  return [
    ...(someAreWrong || Object.hasOwn(strategies, defaults.strategy)
      ? []
      : [`defaults.strategy is ${defaults.strategy}, which is not one of the strategies`]),
    ...(web.linkHours > keptHours
      ? [`web.linkHours is ${web.linkHours}; results are kept for ${keptHours} hours`]
      : []),
    ...(signIn.operatorsNeedSecondFactor && signIn.operators.length === 0
      ? ['signIn.operatorsNeedSecondFactor is true, and signIn.operators names nobody']
      : []),
  ];
}

/** @throws ConfigError with everything that is missing or wrong. */
export function loadConfig(options: LoadConfigOptions = {}): Config {
  const problems: string[] = [];
  const rawEnv = options.env ?? process.env;
  const projectRoot = options.projectRoot ?? join(import.meta.dirname, '..');
  const standingIn = options.standingIn ?? process.env.INIT_CWD ?? process.cwd();
  const env = createEnvironmentReader(rawEnv, problems);

  const configPath = resolve(standingIn, env.text('WOODSHED_CONFIG') ?? join(projectRoot, 'woodshed.yaml'));
  const fileName = env.text('WOODSHED_CONFIG') ?? 'woodshed.yaml';
  const yaml = parseYaml(readFile(configPath, problems), fileName, problems);
  const document = withOverrides(substituteVariables(yaml, rawEnv, problems), options.overrides ?? {});
  const parsed = configFileSchema.safeParse(document);
  if (!parsed.success) problems.push(...sentencesOf(parsed.error, document, fileName));
  const file = parsed.success ? parsed.data : null;

  const s3 = readS3(env);
  const chats = readChats(env);
  const secrets = readSecrets(env);
  const webAddress = readWebAddress(env);
  const signInProviders = readSignInProviders(env);
  const databaseUrl = env.url('DATABASE_URL', ['postgres:', 'postgresql:']);
  const address = env.address('TEMPORAL_ADDRESS');
  const namespace = env.text('TEMPORAL_NAMESPACE') ?? 'default';
  const logLevel = env.oneOf('WOODSHED_LOG_LEVEL', LOG_LEVELS) ?? 'info';
  const device = env.oneOf('WOODSHED_DEVICE', DEVICES);
  const linking = env.oneOf('WOODSHED_LINKING', LINKING);
  const threads = env.wholeNumber('WOODSHED_THREADS');
  const dataDir = resolve(standingIn, env.text('WOODSHED_DATA') ?? join(homedir(), '.local', 'share', 'woodshed'));
  const cacheDir = resolve(standingIn, env.text('WOODSHED_CACHE') ?? join(homedir(), '.cache', 'woodshed'));
  const strategies = parseStrategies(document, fileName, problems, options.slotsOf);
  if (file !== null)
    problems.push(...contradictions(file, strategies, problems.length > 0).map((problem) => `${fileName}: ${problem}`));
  const linkPolicy = linking ?? file?.linking ?? 'never';
  const hasWebUrl = env.text('WOODSHED_WEB_URL') !== null;
  checkLinking(env, { linking: linkPolicy, chats, hasWebUrl, signIn: signInProviders });
  if (file === null || problems.length > 0) throw new ConfigError(problems);

  const fileThreads = file.compute.threads === 'auto' ? availableParallelism() : file.compute.threads;
  return frozen({
    projectRoot,
    standingIn,
    dataDir,
    cacheDir,
    logLevel,
    databaseUrl,
    temporal: { address, namespace },
    s3,
    strategies,
    defaults: file.defaults,
    hear: file.hear,
    delivery: file.delivery,
    limits: {
      longestSongSeconds: file.limits.longestSongMinutes * 60,
      shortestSongSeconds: file.limits.shortestSongSeconds,
      largestUploadBytes: Math.round(file.limits.largestUploadMegabytes * 1e6),
      mostChannels: file.limits.mostChannels,
    },
    shares: file.shares,
    turns: file.turns,
    linking: linkPolicy,
    links: {
      direct: file.links.direct,
      sites: Object.entries(file.links.sites).flatMap(([site, on]) => (on ? [site] : [])),
      allowPrivateHosts: file.links.allowPrivateHosts,
    },
    retention: file.retention,
    compute: {
      device: device ?? file.compute.device,
      threads: threads ?? fileThreads,
      chunkSeconds: file.compute.chunkSeconds,
    },
    media: file.media,
    models: {
      ...file.models,
      beats: networkOf('beats', file.models.beats),
      chords: networkOf('chords', file.models.chords),
      style: networkOf('style', file.models.style),
    },
    timing: file.timing,
    chats,
    secrets,
    web: { ...webAddress, consoleUrl: null, linkHours: file.web.linkHours },
    signIn: { ...signInProviders, ...file.signIn },
  });
}
