import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tensor } from 'onnxruntime-node';
import { findLanguage, givenLanguage } from './sung-language.ts';
import { readVocabulary } from './vocabulary.ts';
import { smallVocabularyText } from './vocabulary.test-kit.ts';
import type { DecoderCall, Whisper } from './whisper.ts';
import { WINDOW_FRAMES } from './whisper.ts';

const nothing = new Tensor('float32', new Float32Array(0), [0]);
const MEL = { values: Float32Array.from({ length: 80 * 500 }, (_, index) => index % 500), frames: 500 };
const VOICE = [{ startSeconds: 2, endSeconds: 4 }];

/** A network that is sure of one token. */
function network(languages: ReadonlyMap<string, number>, token: number): { whisper: Whisper; calls: DecoderCall[] } {
  const calls: DecoderCall[] = [];
  const vocabulary = { ...readVocabulary(smallVocabularyText()), languages };
  const whisper: Whisper = {
    vocabulary,
    async hear(mel) {
      await Promise.resolve();
      assert.equal(mel.length, 80 * WINDOW_FRAMES);
      assert.deepEqual([mel[0], mel[299], mel[300]], [200, 499, 0]);
      return { keys: nothing, values: nothing };
    },
    async read(_, call) {
      await Promise.resolve();
      calls.push(call);
      const logits = new Float32Array(vocabulary.size).fill(-5);
      logits[token] = 5;
      // Likelier than any language, and none.
      logits[0] = 9;
      return { logits, read: { keys: nothing, values: nothing, length: 1 }, alignment: nothing };
    },
    close: async () => await Promise.resolve(),
  };
  return { whisper, calls };
}

test('the likeliest language is said to the decoder, by the window where somebody sings', async () => {
  const { whisper, calls } = network(new Map([['en', 101], ['de', 102], ['es', 103]]), 102); // prettier-ignore
  const { startOfTranscript, transcribe } = whisper.vocabulary;
  assert.deepEqual(await findLanguage(whisper, MEL, VOICE), {
    code: 'de',
    start: [startOfTranscript, 102, transcribe],
  });
  assert.deepEqual(calls, [{ texts: [[startOfTranscript]], after: null, wanted: 'last' }]);
});

test('a network that knows English alone is not asked', async () => {
  const { whisper, calls } = network(new Map(), 102);
  const { startOfTranscript } = whisper.vocabulary;
  assert.deepEqual(await findLanguage(whisper, MEL, VOICE), { code: 'en', start: [startOfTranscript] });
  assert.deepEqual(calls, []);
});

test("of somebody's own words an English network knows no language, unless it plainly hears them in English", () => {
  const english = network(new Map(), 102).whisper;
  const heard = { code: 'en', start: [] };
  assert.equal(givenLanguage(english, heard, [0.1, 0.07, 0.3]), null);
  assert.equal(givenLanguage(english, heard, [0.9, 0.8, 0.6]), 'en');
  assert.equal(givenLanguage(english, heard, []), null);
  const many = network(new Map([['de', 102]]), 102).whisper;
  assert.equal(givenLanguage(many, { code: 'de', start: [] }, [0.1]), 'de');
});
