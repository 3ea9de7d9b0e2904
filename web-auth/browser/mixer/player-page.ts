/** A page that plays a song: waits until its player is there, then connects the rows, the bar and the keys to the engine. */
import { createEngine } from './engine.ts';
import type { Engine, EngineOptions } from './engine.ts';
import { find, findAs } from './elements.ts';
import { openExport } from './export-mix.ts';
import { listenToKeys } from './keys.ts';
import type { EngineState, Loop } from './messages.ts';
import { fetchPlayer } from './player-data.ts';
import type { Player } from './player-data.ts';
import { followServer } from './server-events.ts';
import { createStemRows } from './stem-rows.ts';
import type { StemRows } from './stem-rows.ts';
import { createTimeline } from './timeline.ts';
import { createTransport } from './transport.ts';
import type { LoopEdge } from './transport.ts';

/** What else a page shows of a song that is played. */
export interface PlayerView {
  /** Once for every picture that the screen shows. */
  show(position: number, isPlaying: boolean): void;
  showLoop(loop: Loop | null): void;
  /** Where a repeat that is marked at a position begins or ends. */
  snap(position: number, edge: LoopEdge): number;
  /** By the names of keys. */
  readonly keys: Readonly<Record<string, () => void>>;
}

export interface PlayerParts {
  readonly player: Player;
  readonly engine: Engine;
  readonly repeat: (loop: Loop) => void;
}

const root = find('#mixer');
const base = root.dataset['base'] ?? '';
const query = root.dataset['query'] ?? '';
const said = find('#said');
const progress = findAs(HTMLProgressElement, '#progress');

const TROUBLE = {
  slow: 'The connection is slow or broken. Playing goes on when it is back.',
  gone: 'This song cannot be played any more. Reload the page.',
} as const;
const FAILED = 'The player could not be prepared. Reload this page in a minute.';

const SHOWN_MS = 4000;
let saying: ReturnType<typeof setTimeout> | undefined;

/** Until something else is said. */
function keepSaying(sentence: string): void {
  clearTimeout(saying);
  said.textContent = sentence;
}

/** For a moment. */
function say(sentence: string): void {
  keepSaying(sentence);
  saying = setTimeout(() => keepSaying(''), SHOWN_MS);
}

/** @param openView shows more than the mixer does */
export function openPlayerPage(openView: (parts: PlayerParts) => PlayerView | null): void {
  open(openView).catch(() => keepSaying('The server did not answer. Reload this page.'));
}

type OpenView = Parameters<typeof openPlayerPage>[0];

async function open(openView: OpenView): Promise<void> {
  const player = await fetchPlayer(`${base}/player.json${query}`);
  if (player.state === 'made') start(player, openView);
  else if (player.state === 'failed') keepSaying(FAILED);
  else wait(openView);
}

function wait(openView: OpenView): void {
  keepSaying('Preparing the player …');
  progress.hidden = false;
  const stop = followServer(`${base}/events${query}`, ({ player }) => {
    if (player === null || player.state === 'making') {
      progress.value = player?.fraction ?? 0;
      return;
    }
    stop();
    progress.hidden = true;
    if (player.state === 'failed') keepSaying(FAILED);
    else openPlayerPage(openView);
  });
}

function start(player: Player, openView: OpenView): void {
  let isTroubled = false;
  let show: (state: EngineState) => void = () => undefined;
  const options: EngineOptions = {
    player,
    onState: (state) => show(state),
    onTrouble(trouble) {
      if (trouble !== null) keepSaying(TROUBLE[trouble]);
      else if (isTroubled) keepSaying('');
      isTroubled = trouble !== null;
    },
  };
  const engine = createEngine(options);
  const rows = createStemRows({ player, onChange: engine.setGains, say });
  const repeat = (loop: Loop): void => transport.setLoop(loop);
  const view = openView({ player, engine, repeat });
  const transport = createTransport({
    player,
    engine,
    say,
    snap: view?.snap,
    onLoop(loop) {
      timeline.showLoop(loop);
      view?.showLoop(loop);
    },
  });
  const timeline = createTimeline({ player, engine, onLoop: repeat });
  const showPosition = (position: number): void => {
    timeline.show(position);
    view?.show(position, engine.state.isPlaying);
  };
  show = (state) => {
    rows.showLevels(state.peaks);
    transport.show(state);
    follow(engine, showPosition);
  };
  const keys = findAs(HTMLDialogElement, '#keys-dialog');
  find('#keys').addEventListener('click', () => keys.showModal());
  listenToKeys({ transport, rows, showKeys: () => keys.showModal(), more: view?.keys });
  openExport({ base, query, gains: rows.gainsByName });
  draw(rows, timeline.draw);
  showPosition(0);
  keepSaying('');
  root.dataset['state'] = 'ready';
  prepareWhenIdle(engine);
}

let isFollowing = false;

/** As long as it plays, for every picture that the screen shows. */
function follow(engine: Engine, show: (position: number) => void): void {
  show(engine.heard());
  if (isFollowing || !engine.state.isPlaying) return;
  isFollowing = true;
  requestAnimationFrame(() => {
    isFollowing = false;
    follow(engine, show);
  });
}

/** Anew whenever the room for it changes, or its colours do. */
function draw(rows: StemRows, ruler: () => void): void {
  const again = (): void => {
    rows.draw();
    ruler();
  };
  new ResizeObserver(again).observe(root);
  matchMedia('(prefers-color-scheme: light)').addEventListener('change', again);
}

/** The first seconds are there when play is pressed; not where every byte counts. */
function prepareWhenIdle(engine: Engine): void {
  const { connection } = navigator as { readonly connection?: { readonly saveData?: boolean } };
  if (connection?.saveData !== true) setTimeout(() => engine.prepare(), 0);
}
