/** Links to single result files: signed, with an end, and complete in themselves, so that nobody keeps a list of them. */
import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { ControlActivities } from '../workflows/contract/control-activities.ts';

export interface LinkedFile {
  /** In the blob store. */
  readonly key: string;
  /** Of the bytes, lower-case hex: a link leads to these bytes or to nothing. */
  readonly sha256: string;
  /** What it is called when it is saved. */
  readonly fileName: string;
}

export type OpenedLink =
  | { readonly state: 'good'; readonly file: LinkedFile; readonly expiresAt: Date }
  /** Signed by us, and past its end. */
  | { readonly state: 'expired' }
  /** Not signed by us, or under a secret that is gone. */
  | { readonly state: 'unknown' };

export interface FileLinks {
  /**
   * The token after `/d/`: base64url, about 150 characters for a stem.
   * @throws RangeError for a key or name above 255 bytes.
   */
  sign(file: LinkedFile, expiresAt: Date): string;
  open(token: string, now: Date): OpenedLink;
}

/*
 * version (1) · key id (3) · expiry in seconds since 1970 (4) · SHA-256 (32) · length of the key (1) · key · name · MAC (16)
 * where runs of 64 hexadecimal digits in the key stand as a zero byte and 32 bytes: most keys are named for a hash.
 */
const VERSION = 1;
const ID_BYTES = 3;
const EXPIRY_AT = 1 + ID_BYTES;
const HASH_AT = EXPIRY_AT + 4;
const HASH_BYTES = 32;
const KEY_AT = HASH_AT + HASH_BYTES + 1;
/** Half of HMAC-SHA-256, the least that RFC 2104 advises. */
const MAC_BYTES = 16;
const LONGEST_TEXT_BYTES = 255;
const LONGEST_TOKEN = 1000;

interface Key {
  readonly id: Buffer;
  readonly key: Buffer;
}

/** @param secrets the operator's, at least one; the first signs, all of them open, so that they can be rotated. */
export function createFileLinks(secrets: readonly string[]): FileLinks {
  const keys = secrets.map(deriveKey);
  const [first] = keys;
  if (first === undefined) throw new RangeError('links need a secret');
  return {
    sign({ key, sha256, fileName }, expiresAt) {
      const packedKey = packKey(key);
      const name = Buffer.from(fileName, 'utf8');
      if (packedKey.length > LONGEST_TEXT_BYTES || name.length > LONGEST_TEXT_BYTES) {
        throw new RangeError(`a key of ${packedKey.length} bytes and a name of ${name.length} do not fit into a link`);
      }
      const expiry = Buffer.alloc(4);
      expiry.writeUInt32BE(Math.floor(expiresAt.getTime() / 1000));
      const head = Buffer.concat([Buffer.of(VERSION), first.id, expiry, Buffer.from(sha256, 'hex')]);
      const signed = Buffer.concat([head, Buffer.of(packedKey.length), packedKey, name]);
      return Buffer.concat([signed, macOf(first, signed)]).toString('base64url');
    },

    open(token, now) {
      const decoded = Buffer.from(token.slice(0, LONGEST_TOKEN), 'base64url');
      // What is too short to be one is weighed all the same: no answer comes sooner than another.
      const bytes = decoded.length > KEY_AT + MAC_BYTES ? decoded : Buffer.alloc(KEY_AT + MAC_BYTES + 1);
      // One spelling of every link: the decoder overlooks foreign characters and spare bits.
      const isLink = bytes[0] === VERSION && bytes.toString('base64url') === token;
      const key = keys.find(({ id }) => id.equals(bytes.subarray(1, EXPIRY_AT)));
      const signed = bytes.subarray(0, bytes.length - MAC_BYTES);
      const isSigned = timingSafeEqual(macOf(key ?? first, signed), bytes.subarray(signed.length));
      if (!isLink || key === undefined || !isSigned) return { state: 'unknown' };
      const expiresAt = new Date(signed.readUInt32BE(EXPIRY_AT) * 1000);
      if (expiresAt <= now) return { state: 'expired' };
      const nameAt = KEY_AT + signed.readUInt8(KEY_AT - 1);
      return {
        state: 'good',
        expiresAt,
        file: {
          key: unpackKey(signed.subarray(KEY_AT, nameAt)),
          sha256: signed.toString('hex', HASH_AT, HASH_AT + HASH_BYTES),
          fileName: signed.toString('utf8', nameAt),
        },
      };
    },
  };
}

export interface LinkOptions {
  readonly secrets: readonly string[];
  /** Where `/d/<token>` is answered, no slash at its end. */
  readonly webUrl: string;
  readonly linkHours: number;
}

/** What the control worker makes links with. */
export function createLinkMaker({ secrets, webUrl, linkHours }: LinkOptions): ControlActivities['makeLinks'] {
  const links = createFileLinks(secrets);
  return async ({ files }) => {
    // Whole seconds, as the token holds them: what is announced is what is kept.
    const expiresAt = new Date(Math.floor(Date.now() / 1000 + linkHours * 3600) * 1000);
    return await Promise.resolve(
      files.map(({ fileName, blob: { key, sha256, bytes } }) => ({
        fileName,
        url: `${webUrl}/d/${links.sign({ key, sha256, fileName }, expiresAt)}`,
        bytes,
        expiresAt: expiresAt.toISOString(),
      })),
    );
  };
}

function deriveKey(secret: string): Key {
  const key = Buffer.from(hkdfSync('sha256', secret, 'woodshed', 'file links', 32));
  return { id: createHash('sha256').update(key).digest().subarray(0, ID_BYTES), key };
}

function macOf({ key }: Key, signed: Uint8Array): Buffer {
  return createHmac('sha256', key).update(signed).digest().subarray(0, MAC_BYTES);
}

function packKey(key: string): Buffer {
  return Buffer.concat(
    key
      .split(/([0-9a-f]{64})/u)
      .flatMap((part, index) =>
        index % 2 === 0 ? [Buffer.from(part, 'latin1')] : [Buffer.of(0), Buffer.from(part, 'hex')],
      ),
  );
}

function unpackKey(packed: Buffer): string {
  let key = '';
  for (let at = 0; at < packed.length;) {
    const isHash = packed[at] === 0;
    key += isHash ? packed.toString('hex', at + 1, at + 1 + HASH_BYTES) : String.fromCharCode(packed.readUInt8(at));
    at += isHash ? 1 + HASH_BYTES : 1;
  }
  return key;
}
