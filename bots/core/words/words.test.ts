import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAILURE_CODES } from '../../../workflows/contract/failure.ts';
import { LANGUAGES } from '../../../workflows/contract/job-view.ts';
import { wordsOf } from './words-of.ts';
import type { Words } from './words.ts';

type Say = (...shown: number[]) => string;

/** Every text of a language by its place, functions as they are. */
function* texts(part: object, path = ''): Generator<readonly [path: string, text: unknown]> {
  for (const [name, value] of Object.entries(part)) {
    if (typeof value === 'object' && value !== null) {
      yield* texts(value as object, `${path}${name}.`);
    } else {
      yield [`${path}${name}`, value];
    }
  }
}

function factsUsed(words: Words, code: (typeof FAILURE_CODES)[number]): ReadonlySet<string> {
  const used = new Set<string>();
  words.failures[code]((name) => {
    used.add(name);
    return `<${name}>`;
  });
  return used;
}

for (const language of LANGUAGES) {
  const words = wordsOf(language);

  test(`${language} has every text, and says all that it is told`, () => {
    const here = new Map(texts(words));
    for (const [path, expected] of texts(wordsOf('en'))) {
      const text = here.get(path);
      assert.equal(typeof text, typeof expected, path);
      if (typeof text === 'string') {
        assert.ok(text.trim() !== '', path);
      } else if (!path.startsWith('failures.')) {
        const say = text as Say;
        // English is written beside the types, so its parameters are the ones that there are.
        const parameters = Array.from({ length: (expected as Say).length }, (_, index) => 7011 + index);
        const said = say(...parameters);
        for (const parameter of parameters) {
          assert.ok(said.includes(String(parameter)), `${path} leaves out what it was told: ${said}`);
        }
        assert.ok(say.length <= parameters.length && said.trim() !== '' && !said.includes('undefined'), path);
      }
    }
    assert.equal(here.size, [...texts(wordsOf('en'))].length);
  });

  for (const code of FAILURE_CODES) {
    test(`${language} says ${code} in one plain sentence with its facts`, () => {
      assert.deepEqual(factsUsed(words, code), factsUsed(wordsOf('en'), code));
      const sentence = words.failures[code]((name, fallback) => fallback ?? name);
      assert.match(sentence, /^\p{Lu}[^\n]*\.$/u, 'starts with a capital and ends with a full stop');
      assert.ok(sentence.length < 200, 'short enough for a phone');
      assert.doesNotMatch(sentence, /undefined|\[object|Error|stack/u);
      const withFacts = words.failures[code]((name) => `<${name}>`);
      for (const fact of factsUsed(words, code)) {
        assert.ok(withFacts.includes(`<${fact}>`), fact);
      }
    });
  }

  test(`${language} fits the platforms' limits`, () => {
    for (const label of Object.values(words.buttons)) assert.ok(label.length <= 20, label);
    for (const label of Object.values(words.messageActions)) assert.ok(label.length <= 24, label);
    for (const summary of [...Object.values(words.summaries), ...Object.values(words.options)]) {
      assert.ok(summary.length <= 100, summary);
    }
  });
}

test('the languages are different ones', () => {
  const [english, ...others] = LANGUAGES.map((language) => new Map(texts(wordsOf(language))));
  for (const other of others) {
    const same = [...other].filter(([path, text]) => typeof text === 'string' && text === english?.get(path));
    assert.ok(same.length < other.size / 10, same.map(([path]) => path).join(', '));
  }
});
