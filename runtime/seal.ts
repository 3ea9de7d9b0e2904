/** Tokens at rest: AES-256-GCM under the operator's keys, each text bound to what it belongs to. */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

export interface Seal {
  /** How every text begins that is sealed under the first secret; what begins otherwise waits to be sealed anew. */
  readonly currentPrefix: string;
  /** `v1.<key id>.<iv>.<ciphertext>.<tag>`, base64url. */
  close(text: string, boundTo: string): string;
  /** @throws Error for a text that was changed, belongs to something else, or was sealed under a key that is gone. */
  open(sealed: string, boundTo: string): string;
}

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

interface Key {
  readonly id: string;
  readonly key: Buffer;
}

/**
 * @param secrets the operator's, at least one; the first seals, all of them open, so that they can be rotated.
 * @param purpose keeps what is sealed for one use from being opened for another.
 */
export function createSeal(secrets: readonly string[], purpose: string): Seal {
  const keys = secrets.map((secret) => deriveKey(secret, purpose));
  const [first] = keys;
  if (first === undefined) throw new RangeError('a seal needs a secret');
  return {
    currentPrefix: `v1.${first.id}.`,
    close(text, boundTo) {
      // Random, 96 bits: safe for 2^32 texts of one key.
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, first.key, iv, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(boundTo, 'utf8'));
      const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return [
        'v1',
        first.id,
        ...[iv, ciphertext, cipher.getAuthTag()].map((bytes) => bytes.toString('base64url')),
      ].join('.');
    },
    open(sealed, boundTo) {
      const [version, id, iv, text, tag, more] = sealed.split('.');
      const key = keys.find((candidate) => candidate.id === id);
      if (version !== 'v1' || iv === undefined || text === undefined || tag === undefined || more !== undefined) {
        throw new Error('this is no sealed text');
      }
      if (key === undefined) throw new Error('the key of a sealed text is not there any more');
      // Node takes shorter tags unless it is told their length.
      const decipher = createDecipheriv(CIPHER, key.key, Buffer.from(iv, 'base64url'), { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(boundTo, 'utf8'));
      decipher.setAuthTag(Buffer.from(tag, 'base64url'));
      return Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString('utf8');
    },
  };
}

function deriveKey(secret: string, purpose: string): Key {
  const key = Buffer.from(hkdfSync('sha256', secret, 'woodshed', purpose, KEY_BYTES));
  return { id: createHash('sha256').update(key).digest('base64url').slice(0, 8), key };
}
