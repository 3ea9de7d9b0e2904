import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guessStyle } from './guess-style.ts';
import { GENRE_GROUPS, MOOD_GROUPS } from './style-groups.ts';
import { STYLE_TAGS } from './style-tags.ts';
import type { StyleTag } from './style-tags.ts';

function guess(tags: Partial<Record<StyleTag, number>>): ReturnType<typeof guessStyle> {
  return guessStyle({ labels: STYLE_TAGS, probabilities: Float32Array.from(STYLE_TAGS, (tag) => tags[tag] ?? 0) });
}

test('a genre that stands out is told, the surer the higher and the lonelier it is', () => {
  const sure = guess({ jazz: 0.7, blues: 0.05 }).genre;
  const fainter = guess({ jazz: 0.35, blues: 0.05 }).genre;
  const contested = guess({ jazz: 0.7, blues: 0.4 }).genre;
  assert.deepEqual([sure?.label, fainter?.label, contested?.label], ['jazz', 'jazz', 'jazz']);
  assert.ok(sure!.confidence > 0.9 && sure!.confidence <= 1);
  assert.ok(fainter!.confidence < sure!.confidence && contested!.confidence < sure!.confidence);
});

test('tags that mean the same are heard together', () => {
  assert.equal(guess({ 'Hip-Hop': 0.5, pop: 0.1 }).genre?.label, 'hip-hop');
  assert.equal(guess({ soul: 0.3, rnb: 0.3, jazz: 0.32 }).genre?.label, 'soul');
  assert.equal(guess({ House: 0.5, dance: 0.4, pop: 0.3 }).genre?.label, 'electronic');
});

test('metal is told where most of the rock is metal, and rock where it is not', () => {
  assert.equal(guess({ metal: 0.6, 'heavy metal': 0.2, rock: 0.3 }).genre?.label, 'metal');
  assert.equal(guess({ metal: 0.3, rock: 0.5, 'hard rock': 0.2 }).genre?.label, 'rock');
  assert.equal(guess({ punk: 0.5, rock: 0.3 }).genre?.label, 'punk');
  assert.equal(guess({ metal: 0.3, punk: 0.3, rock: 0.3, pop: 0.2 }).genre?.label, 'rock');
});

test('nobody is sure where nothing stands out, nothing is likely, or nothing sounds', () => {
  const nothing = { genre: null, mood: null };
  assert.deepEqual(guess({}), nothing);
  assert.deepEqual(guess({ rock: 0.05, happy: 0.02 }), nothing);
  assert.deepEqual(guess({ rock: 0.2, jazz: 0.2, pop: 0.2, folk: 0.2, happy: 0.1, sad: 0.1, party: 0.1 }), nothing);
  assert.deepEqual(guess({ '80s': 0.9, guitar: 0.9, 'female vocalists': 0.9 }), nothing);
  // As of noise.
  assert.deepEqual(guess({ electronic: 0.32, dance: 0.24, House: 0.09, rock: 0.06, metal: 0.05 }), nothing);
  assert.equal(guess({ electronic: 0.6, dance: 0.24 }).genre?.label, 'electronic');
});

test('a mood is told from what is little for a genre', () => {
  assert.deepEqual(guess({ Mellow: 0.2, chillout: 0.1, chill: 0.1, happy: 0.02 }).mood?.label, 'mellow');
  assert.equal(guess({ sad: 0.25, beautiful: 0.05 }).mood?.label, 'sad');
  assert.equal(guess({ sad: 0.06 }).mood, null);
});

test('every tag belongs to one group at most', () => {
  const tags = [...GENRE_GROUPS, ...MOOD_GROUPS].flatMap((group) => group.tags);
  assert.equal(new Set(tags).size, tags.length);
  for (const { tags: all, branches = {} } of GENRE_GROUPS) {
    assert.ok(Object.values(branches).every((branch) => branch.every((tag) => all.includes(tag))));
  }
});
