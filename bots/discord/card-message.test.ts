import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ComponentType } from 'discord.js';
import type { Card } from '../../workflows/contract/card.ts';
import { doneWith, exampleCard } from '../core/port-example.test-kit.ts';
import { cardMessage } from './card-message.ts';

/** Of each row: what stands in it. */
function rowsOf(card: Card): readonly (readonly ComponentType[])[] {
  return (cardMessage(card).components ?? []).map((row) => {
    assert.ok(row.type === ComponentType.ActionRow);
    return row.components.map(({ type }) => type);
  });
}

test('a menu stands below the buttons as long as there is a row left', () => {
  const card = exampleCard({}, doneWith(3));
  const links = (many: number): Card['links'] =>
    Array.from({ length: many }, (_, n) => ({ label: String(n), url: `https://woodshed.example/d/${String(n)}` }));
  const buttons = card.actions.length;
  const { Button, StringSelect } = ComponentType;
  assert.deepEqual(rowsOf(card), [card.actions.map(() => Button), [StringSelect]]);
  const full = rowsOf({ ...card, links: links(20 - buttons) });
  assert.deepEqual([full.length, full.at(-1)], [5, [StringSelect]]);
  // What stands behind links is nowhere else.
  const crowded = rowsOf({ ...card, links: links(21 - buttons) });
  assert.deepEqual([crowded.length, crowded.flat().includes(StringSelect)], [5, false]);
});
