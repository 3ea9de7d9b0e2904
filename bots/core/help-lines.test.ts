import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LANGUAGES } from '../../workflows/contract/job-view.ts';
import { PLATFORMS } from '../../workflows/contract/request.ts';
import { PLATFORM_ABILITIES } from './abilities.ts';
import { helpLines } from './help-lines.ts';
import { wordsOf } from './words/words-of.ts';

const STRATEGIES = new Map([['vocals', ['vocals', 'accompaniment']]]);

function ends(language: (typeof LANGUAGES)[number]): Record<string, string> {
  return Object.fromEntries(
    PLATFORMS.map((platform) => {
      const { style } = PLATFORM_ABILITIES[platform];
      return [platform, helpLines(wordsOf(language), STRATEGIES, style).at(-1) ?? ''];
    }),
  );
}

test('ends with what becomes of a song without a word, as it is there', () => {
  const { console: dropped, discord, slack, telegram } = ends('en');
  assert.match(dropped ?? '', /dropped here/u);
  for (const chat of [discord, slack, telegram]) {
    assert.match(chat ?? '', /mention me/u);
    assert.doesNotMatch(chat ?? '', /dropped here/u, 'a file in a channel is not looked at');
  }
  for (const offering of [discord, telegram]) assert.match(offering ?? '', /a file alone gets buttons/u);
  assert.match(slack ?? '', /the file or the link alone is enough/u);
});

for (const language of LANGUAGES) {
  test(`tells these three apart in ${language}`, () => {
    const { console: dropped, discord, slack, telegram } = ends(language);
    assert.equal(discord, telegram);
    assert.equal(new Set([dropped, discord, slack]).size, 3);
  });
}
