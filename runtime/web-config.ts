/** The secrets that Woodshed signs and seals with, and where its web pages are reached. */
import type { EnvironmentReader } from './environment.ts';

export interface WebConfig {
  /** Where browsers reach the pages, no slash at its end; null: `npm start` gives its own loopback address, containers give no links. */
  readonly url: string | null;
  /** The same for whoever sits at the console: on this machine, served by this process. Null where there is no such page. */
  readonly consoleUrl: string | null;
  /** Null: `npm start` takes one that is free, and the same again next time. */
  readonly port: number | null;
  /** How long a link to a result leads to it. */
  readonly linkHours: number;
}

/** 32 hexadecimal digits are 128 bits. */
const LEAST_CHARACTERS = 32;
const HEX_OR_BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/u;

/** Several, split by commas, while one takes the place of another: the first signs and seals, all are taken. Empty where none is set. */
export function readSecrets(env: EnvironmentReader): readonly string[] {
  const secrets = (env.text('WOODSHED_SECRET') ?? '').split(',').map((secret) => secret.trim());
  if (secrets.length === 1 && secrets[0] === '') return [];
  if (secrets.some((secret) => secret.length < LEAST_CHARACTERS || !HEX_OR_BASE64.test(secret))) {
    env.problem(
      'WOODSHED_SECRET must be at least 32 hexadecimal or base64 digits, or several such split by commas; `openssl rand -hex 32` makes one',
    );
  }
  return secrets;
}

export function readWebAddress(env: EnvironmentReader): Omit<WebConfig, 'linkHours' | 'consoleUrl'> {
  const url = env.url('WOODSHED_WEB_URL', ['http:', 'https:']);
  if (url !== null && (new URL(url).search !== '' || new URL(url).hash !== '')) {
    env.problem('WOODSHED_WEB_URL must end with a path at most: links are made by adding to it');
  }
  if (url !== null && new URL(url).protocol === 'http:' && !isThisMachine(new URL(url).hostname)) {
    env.problem(
      'WOODSHED_WEB_URL must begin with https://, but for an address of this machine: links are keys to files',
    );
  }
  const port = env.wholeNumber('WOODSHED_WEB_PORT');
  if (port !== null && port > 65_535) env.problem('WOODSHED_WEB_PORT must be a port: 65535 at most');
  return { url: url?.replace(/\/+$/u, '') ?? null, port };
}

/** Of a URL. */
export function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/u.test(hostname);
}
