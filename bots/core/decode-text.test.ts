import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeText } from './decode-text.ts';

const SUNG = 'Está aquí\nGrüße';
const UTF16 = Buffer.from(`\uFEFF${SUNG}`, 'utf16le');

for (const [what, bytes] of [
  ['UTF-8', Buffer.from(SUNG)],
  ['UTF-8 with a mark', Buffer.from(`\uFEFF${SUNG}`)],
  ['little-endian UTF-16', UTF16],
  ['big-endian UTF-16', Buffer.from(UTF16).swap16()],
  ['Windows letters', Buffer.from(SUNG, 'latin1')],
] as const) {
  test(`reads ${what}`, () => {
    assert.equal(decodeText(bytes), SUNG);
  });
}
