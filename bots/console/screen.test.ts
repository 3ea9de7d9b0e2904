import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import type { Card } from '../../workflows/contract/card.ts';
import type { JobView } from '../../workflows/contract/job-view.ts';
import { exampleJob, exampleResult } from '../core/example-job.test-kit.ts';
import { jobCard } from '../core/job-card.ts';
import { createScreen } from './screen.ts';
import { fitLine, visibleText } from './terminal-text.ts';
import { createTerminal } from './terminal.test-kit.ts';

function card(changes: Partial<JobView>, done = false): Card {
  const outcome = { state: 'done', result: exampleResult(), reused: false } as const;
  return jobCard(exampleJob(changes), { queuePlace: 0, secondsLeft: 20 }, done ? { outcome } : {});
}

test('redraws a card in its place; what was printed stays above it and is not written again', () => {
  const terminal = createTerminal();
  const screen = createScreen(terminal);
  screen.print(['Welcome']);
  screen.show(card({ stage: 'separate', fraction: 0.1 }));
  terminal.topmostTouched();
  screen.show(card({ stage: 'separate', fraction: 0.6, version: 2 }));
  assert.equal(terminal.topmostTouched(), 1, 'the first line is not touched');
  screen.print(['a line']);
  const lines = terminal.lines();
  assert.deepEqual(lines.slice(0, 2), ['Welcome', 'a line']);
  assert.equal(lines.filter((line) => line.startsWith('┌')).length, 1);
  assert.match(lines.join('\n'), /57 %/u);
});

test('a finished card stays where it ended, the others go on below', () => {
  const terminal = createTerminal();
  const screen = createScreen(terminal);
  screen.show(card({ id: 'one', title: 'One', stage: 'separate' }));
  screen.show(card({ id: 'two', title: 'Two', stage: 'separate' }));
  screen.show(card({ id: 'one', title: 'One' }, true));
  const end = terminal.lines().findIndex((line) => line.includes('Two'));
  terminal.topmostTouched();
  screen.show(card({ id: 'two', title: 'Two', stage: 'measure' }));
  assert.equal(terminal.topmostTouched(), end);
  assert.equal(terminal.lines().filter((line) => line.startsWith('┌')).length, 2);
});

test('an address is never cut, however narrow the terminal', () => {
  const terminal = createTerminal({ columns: 30 });
  const screen = createScreen(terminal);
  const url = 'http://127.0.0.1:34207/link/DgCeTdFlSO2ZsXI1-OkVhLxGwPJGzSVJjvnACiOklcQ';
  const done = { ...card({}, true), links: [{ label: 'Open the tab', url }] };
  screen.print([url, 'and what is no address but as long is cut as ever']);
  screen.show(done);
  const written = terminal.lines().join('');
  assert.equal(written.split(url).length - 1, 2);
  assert.match(written, /and what is no address but a…/u);
});

test('calls the prompt back after each drawing, until it is gone', () => {
  const terminal = createTerminal();
  const screen = createScreen(terminal);
  let redrawn = 0;
  screen.attachPrompt({
    redraw() {
      redrawn += 1;
      terminal.write('woodshed> half a comm');
    },
  });
  screen.show(card({ stage: 'read' }));
  screen.show(card({ stage: 'separate' }));
  assert.equal(redrawn, 2);
  assert.deepEqual(
    terminal.lines().filter((line) => line.includes('woodshed>')),
    ['woodshed> half a comm'],
  );
  screen.attachPrompt(null);
  screen.show(card({ stage: 'measure' }));
  assert.equal(redrawn, 2);
});

test('draws no more than fits, in width and in height', () => {
  const terminal = createTerminal({ columns: 30, rows: 10 });
  const screen = createScreen(terminal);
  for (let index = 0; index < 9; index += 1) {
    screen.show(card({ id: String(index), title: `曲${'長い名前'.repeat(10)}`, stage: 'separate' }));
  }
  const lines = terminal.lines();
  assert.ok(lines.length <= 8, `${String(lines.length)} lines`);
  for (const line of lines) {
    const cells = [...line].reduce(
      (sum, character) => sum + (/\p{Script=Han}|\p{Script=Hiragana}/u.test(character) ? 2 : 1),
      0,
    );
    assert.ok(cells < 30, line);
  }
});

test('elsewhere writes a line for each step that a reader cares for, and nothing else', async () => {
  const output = new PassThrough();
  const screen = createScreen(output);
  for (let step = 0; step <= 100; step += 1) {
    screen.show(card({ stage: 'separate', fraction: step / 100 }));
  }
  screen.show(card({}, true));
  screen.print(['two\nlines']);
  output.end();
  const written = (await text(output)).trimEnd().split('\n');
  const steps = written.filter((line) => line.startsWith('[K7QF2M]'));
  assert.ok(steps.length >= 6 && steps.length <= 10, String(steps.length));
  assert.ok(written.some((line) => line.includes('-18.2 LUFS')));
  assert.deepEqual(written.slice(-2), ['two', 'lines']);
  assert.ok(written.every((line) => !line.includes('\u001b')));
});

test('elsewhere, too, nothing that was typed becomes a command', async () => {
  const output = new PassThrough();
  const screen = createScreen(output);
  screen.show(card({ title: 'a\u001b[2Jb\rc\u202ed' }));
  screen.print(['x\u009b31m']);
  output.end();
  // oxlint-disable-next-line no-control-regex -- what must not be there
  assert.doesNotMatch(await text(output), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
});

const FITTED: readonly (readonly [string, number, string])[] = [
  ['short', 80, 'short'],
  ['1234', 5, '1234'],
  ['12345', 5, '123…'],
  ['日本語', 7, '日本語'],
  ['日本語', 6, '日本…'],
  ['日本語', 5, '日…'],
  ['🎸🎸🎸', 5, '🎸…'],
  ['e\u0301e\u0301', 3, 'e\u0301e\u0301'],
  ['anything', 1, '…'],
];
for (const [line, columns, fitted] of FITTED) {
  test(`fits ${line} into ${String(columns)} columns`, () => {
    assert.equal(fitLine(line, columns), fitted);
  });
}

test('shows that something was there', () => {
  assert.equal(visibleText('a\u001bb'), 'a\uFFFDb');
  assert.equal(visibleText('Žluťoučký 🎸 曲'), 'Žluťoučký 🎸 曲');
});
