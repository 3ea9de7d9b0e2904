import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TONICS } from './analysis.ts';
import { KEYS, named, pitchClassOf, spellIn, tonicName } from './scales.ts';
import type { Key } from './scales.ts';

const C_MAJOR: Key = { tonic: 0, mode: 'major' };

test('each key has a tonic that the contract knows, of its own pitch class', () => {
  for (const key of KEYS) {
    assert.ok(TONICS.includes(tonicName(key)));
    assert.equal(pitchClassOf(tonicName(key)), key.tonic);
  }
});

test('roots are spelled as the key signature writes them', () => {
  const cases: readonly [Key, number, string][] = [
    [C_MAJOR, 10, 'Bb'],
    [C_MAJOR, 6, 'F#'],
    [{ tonic: 3, mode: 'major' }, 8, 'Ab'],
    [{ tonic: 4, mode: 'major' }, 8, 'G#'],
    [{ tonic: 9, mode: 'minor' }, 8, 'G#'],
    [{ tonic: 0, mode: 'minor' }, 3, 'Eb'],
    [{ tonic: 1, mode: 'minor' }, 8, 'G#'],
    [{ tonic: 6, mode: 'major' }, 11, 'B'],
    [{ tonic: 5, mode: 'minor' }, 1, 'Db'],
  ];
  for (const [key, pitch, name] of cases)
    assert.equal(spellIn(pitch, named(key)), name, `${tonicName(key)} ${key.mode}`);
});

test('every pitch class has a name of its own in every key, without double accidentals', () => {
  for (const key of [null, ...KEYS]) {
    for (let pitch = 0; pitch < 12; pitch++) {
      const name = spellIn(pitch, key === null ? null : named(key));
      assert.equal(pitchClassOf(name), pitch);
      assert.ok(name.length <= 2, name);
    }
  }
});

test('a key is spelled as it was named', () => {
  assert.equal(spellIn(11, { tonic: 'Gb', mode: 'major' }), 'Cb');
  assert.equal(spellIn(11, { tonic: 'F#', mode: 'major' }), 'B');
  assert.equal(spellIn(1, { tonic: 'Db', mode: 'major' }), 'Db');
  assert.equal(spellIn(1, { tonic: 'C#', mode: 'major' }), 'C#');
});
