import { randomInt } from 'node:crypto';

/** No I, L, O, U, 0 or 1: what is read aloud or off a screen must come out the same. */
export const JOB_CODE_ALPHABET = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';
const JOB_CODE_LENGTH = 6;

/** A short name for a job, for people: one of 729 million. Uniqueness is the table's business. */
export function newJobCode(): string {
  return Array.from({ length: JOB_CODE_LENGTH }, () => JOB_CODE_ALPHABET[randomInt(JOB_CODE_ALPHABET.length)]).join('');
}
