/** Codes of authenticator apps (RFC 6238): otpauth, behind two functions. */
import { Secret, TOTP } from 'otpauth';

const PERIOD_SECONDS = 30;
const SECRET_BYTES = 20;
const CODE = /^\d{6}$/u;

export interface NewAuthenticator {
  /** Base32, as it is typed into an app. */
  readonly key: string;
  /** `otpauth://`, as apps open it. */
  readonly address: string;
}

export function makeKey(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

export function describeAuthenticator(key: string, label: string): NewAuthenticator {
  return { key, address: totpOf(key, label).toString() };
}

/** The step of time that a code belongs to, of this one, the last and the next; null for none of theirs. */
export function stepOfCode(key: string, code: string, now: Date): number | null {
  const token = code.replaceAll(/\s/gu, '');
  if (!CODE.test(token)) return null;
  const delta = totpOf(key, '').validate({ token, timestamp: now.getTime(), window: 1 });
  return delta === null ? null : Math.floor(now.getTime() / 1000 / PERIOD_SECONDS) + delta;
}

function totpOf(key: string, label: string): TOTP {
  return new TOTP({ issuer: 'Woodshed', label, algorithm: 'SHA1', digits: 6, period: PERIOD_SECONDS, secret: key });
}
