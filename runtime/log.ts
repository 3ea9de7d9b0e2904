// Structured logs: one JSON object a line, to a file of the data folder, to standard error, or both.
import pino from 'pino';
import type { Logger, StreamEntry } from 'pino';

export type { Logger } from 'pino';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** `stderr`, an absolute file path that is appended to, or both; standard output belongs to results. */
export type LogDestination = 'stderr' | { readonly file: string; readonly alsoStderrFrom?: LogLevel };

export interface LoggerOptions {
  /** Of the process or service, such as `gpu-worker`. */
  readonly name: string;
  readonly level: LogLevel;
  readonly destination: LogDestination;
}

const SECRET_KEYS = [
  'token',
  'accessToken',
  'refreshToken',
  'password',
  'secret',
  'secretAccessKey',
  'accessKeyId',
  'authorization',
  'cookie',
  'apiKey',
  'databaseUrl',
  'verifier',
];
const CENSORED = '[secret]';

/**
 * `scheme://user:password@host` and `?token=…` inside texts such as error messages. Quotes and backslashes end a match, so that a line
 * of JSON stays one.
 */
const CREDENTIALS_IN_URL = /([a-z][a-z0-9+.-]*:\/\/)[^\s/@:"'\\]*:[^\s/@"'\\]*@/giu;
const SECRET_PARAMETER = /([?&](?:[a-z_-]*(?:token|signature|secret|key|code|password))=)[^&\s"'\\]+/giu;

/** The text without the credentials that it may hold. */
export function withoutCredentials(text: string): string {
  return text.replace(CREDENTIALS_IN_URL, `$1${CENSORED}@`).replace(SECRET_PARAMETER, `$1${CENSORED}`);
}

/** Known secret keys at the top and one and two levels down. */
const REDACTED_PATHS = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

/** The last gate: whatever object or text a line was made of, credentials inside it do not leave. */
function cleaned(target: ReturnType<typeof pino.destination>): { write(line: string): void } {
  return { write: (line) => void target.write(withoutCredentials(line)) };
}

function streamsOf(destination: LogDestination, level: LogLevel): StreamEntry[] {
  if (level === 'silent') return [];
  // Synchronous: the last lines before a crash are the ones that matter.
  const stderr = (): { write(line: string): void } => cleaned(pino.destination({ dest: 2, sync: true }));
  if (destination === 'stderr') return [{ level, stream: stderr() }];
  const file = pino.destination({ dest: destination.file, append: true, mkdir: true, sync: true, mode: 0o600 });
  const entries: StreamEntry[] = [{ level, stream: cleaned(file) }];
  const from = destination.alsoStderrFrom;
  if (from !== undefined && from !== 'silent') entries.push({ level: from, stream: stderr() });
  return entries;
}

/** A logger whose lines carry no known secret; `logger.child({ jobId })` adds fields. */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    { name: options.name, level: options.level, redact: { paths: REDACTED_PATHS, censor: CENSORED } },
    pino.multistream(streamsOf(options.destination, options.level)),
  );
}
