import type { Card } from '../../workflows/contract/card.ts';

const BAR_CELLS = 28;
const MARKS = { waiting: '·', running: '▸', done: '✓', failed: '✗' } as const;

/** A card as lines of a terminal, without colours; the caller cuts them to its width. */
export function cardLines(card: Card): string[] {
  const lines = [`┌ ${card.title} · ${card.code}   (${card.subtitle})`];
  if (card.state !== 'refused' && card.state !== 'failed') {
    lines.push(`│ ${card.stages.map((stage) => `${MARKS[stage.mark]} ${stage.label}`).join('  ')}`);
  }
  if (card.fraction !== null && (card.state === 'running' || card.state === 'queued')) {
    lines.push(
      `│ ${bar(card.fraction)} ${percent(card.fraction)}${card.estimate === null ? '' : `   ${card.estimate}`}`,
    );
  } else if (card.estimate !== null) {
    lines.push(`│ ${card.estimate}`);
  }
  lines.push(...card.log.map((line) => `│ ${line}`), ...card.body.map((line) => `│ ${line}`));
  // Each address has a line to itself: one that is cut leads nowhere.
  lines.push(...card.links.flatMap(({ label, url }) => [`│ ${label}:`, `│ ${url}`]));
  return lines;
}

/** One line for places that cannot redraw, e.g. a log file. */
export function cardLine(card: Card): string {
  const running = card.stages.find((stage) => stage.mark === 'running' || stage.mark === 'failed');
  const parts = [
    `[${card.code}] ${card.title}:`,
    running?.label ?? card.state,
    card.fraction === null ? '' : percent(card.fraction),
    card.estimate ?? '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function bar(fraction: number): string {
  const full = Math.round(fraction * BAR_CELLS);
  return '█'.repeat(full) + '░'.repeat(BAR_CELLS - full);
}

function percent(fraction: number): string {
  return `${String(Math.floor(fraction * 100)).padStart(3)} %`;
}
