import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAILURE_CODES } from '../../workflows/contract/failure.ts';
import { failureReply } from './failure-reply.ts';

for (const code of FAILURE_CODES) {
  test(`says ${code} even where a fact is missing`, () => {
    assert.doesNotMatch(failureReply({ code, facts: {} }), /undefined|\[object|Error/u);
  });
}

test('puts the limits into the sentence', () => {
  assert.match(failureReply({ code: 'too-long', facts: { limitMinutes: 30 } }), /30 minutes/u);
  assert.match(failureReply({ code: 'unknown-strategy', facts: { known: 'vocals, band' } }), /vocals, band/u);
});

test('speaks the language of the band', () => {
  assert.match(failureReply({ code: 'too-long', facts: { limitMinutes: 30 } }, 'de'), /30 Minuten/u);
  assert.match(failureReply({ code: 'too-long', facts: { limitMinutes: 30 } }, 'es'), /30 minutos/u);
});
