import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAILURE_CODES } from '../../workflows/contract/failure.ts';
import { failureReply } from './failure-reply.ts';

for (const code of FAILURE_CODES) {
  test(`says ${code} in one plain sentence`, () => {
    const sentence = failureReply({ code, facts: {} });
    assert.match(sentence, /^[A-Z].*\.$/u, 'starts with a capital and ends with a full stop');
    assert.equal(sentence.split('\n').length, 1);
    assert.ok(sentence.length < 200, 'short enough for a phone');
    assert.doesNotMatch(sentence, /undefined|\[object|Error|stack/u);
  });
}

test('puts the limits into the sentence', () => {
  assert.match(failureReply({ code: 'too-long', facts: { limitMinutes: 30 } }), /30 minutes/u);
  assert.match(failureReply({ code: 'unknown-strategy', facts: { known: 'vocals, band' } }), /vocals, band/u);
});
