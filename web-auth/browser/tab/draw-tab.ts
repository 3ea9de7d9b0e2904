/** A tab as alphaTab engraves it, and where in the picture each bar and each of its beats lies. */
import { importer, model, NotationElement, rendering, Settings, TabRhythmMode } from '@coderline/alphatab';
import { plainSvg } from './plain-svg.ts';

export type Score = model.Score;

export interface DrawnBar {
  /** In pixels of the picture: all of the bar, from line to line. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Of the page, from 0. */
  readonly line: number;
  readonly beats: readonly DrawnBeat[];
}

export interface DrawnBeat {
  /** Of the bar's length, 0 to 1. */
  readonly at: number;
  readonly x: number;
}

export interface DrawnTab {
  readonly bars: readonly DrawnBar[];
}

/** Without quotes, which would not stand in an attribute. */
const TEXT_FONT = 'system-ui, sans-serif';
const NARROW_PIXELS = 600;
const NARROW_SCALE = 0.9;
const CHORD_PIXELS = 14;
/** Nothing else has it: pages have colours of their own. */
const BAR_NUMBER_COLOUR = new model.Color(200, 0, 0);

/** @param bytes of a Guitar Pro file. @throws Error where it is none */
export function readScore(bytes: Uint8Array): Score {
  return importer.ScoreLoader.loadScoreFromBytes(bytes, new Settings());
}

/** Puts the picture into `surface` instead of what was there. */
export function drawTab(score: Score, firstBarNumber: number, surface: HTMLElement, widthPixels: number): DrawnTab {
  const settings = settingsFor(widthPixels);
  const renderer = new rendering.ScoreRenderer(settings);
  renderer.width = widthPixels;
  const parts: SVGElement[] = [];
  renderer.partialLayoutFinished.on(({ id }) => renderer.renderResult(id));
  renderer.partialRenderFinished.on(({ x, y, renderResult }) => {
    const part = plainSvg(numbered(String(renderResult), firstBarNumber));
    part.setAttribute('x', String(x));
    part.setAttribute('y', String(y));
    parts.push(part);
  });
  let height = 0;
  renderer.renderFinished.on(({ totalHeight }) => (height = Math.ceil(totalHeight)));
  renderer.error.on((problem) => {
    throw problem;
  });
  renderer.renderScore(score, [0]);
  const picture = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  picture.setAttribute('width', String(widthPixels));
  picture.setAttribute('height', String(height));
  picture.setAttribute('aria-hidden', 'true');
  const { musicFontSize } = settings.display.resources.engravingSettings;
  picture.style.setProperty('--music-size', `${String(musicFontSize)}px`);
  picture.append(...parts);
  surface.replaceChildren(picture);
  return { bars: barsOf(renderer.boundsLookup, score) };
}

/** alphaTab counts bars from 1 whatever they are. */
function numbered(svg: string, firstBarNumber: number): string {
  return svg.replaceAll(
    new RegExp(`(fill="${BAR_NUMBER_COLOUR.rgba}">)(\\d+)`, 'gu'),
    (_, before: string, drawn: string) => `${before}${String(Number(drawn) - 1 + firstBarNumber)}`,
  );
}

function barsOf(lookup: rendering.BoundsLookup | null, score: Score): DrawnBar[] {
  const lines = lookup?.staffSystems ?? [];
  return lines.flatMap(({ bars }, line) =>
    bars.map(({ index, realBounds: { x, y, w: width, h: height }, bars: [staff] }): DrawnBar => {
      const ticks = score.masterBars[index]?.calculateDuration() ?? 1;
      const beats = (staff?.beats ?? []).map(({ beat, onNotesX }) => ({ at: beat.displayStart / ticks, x: onNotesX }));
      return { x, y, width, height, line, beats };
    }),
  );
}

function settingsFor(widthPixels: number): Settings {
  const settings = new Settings();
  settings.core.engine = 'svg';
  settings.core.enableLazyLoading = false;
  settings.display.scale = widthPixels < NARROW_PIXELS ? NARROW_SCALE : 1;
  settings.display.padding = [0, 0];
  settings.notation.rhythmMode = TabRhythmMode.ShowWithBars;
  // Most strings ring: the words would be everywhere. Loudness is nothing that a tab tells; the page itself says what it is.
  const hidden = [
    NotationElement.EffectLetRing,
    NotationElement.EffectDynamics,
    NotationElement.ScoreTitle,
    NotationElement.TrackNames,
    NotationElement.GuitarTuning,
  ];
  for (const element of hidden) settings.notation.elements.set(element, false);
  const { resources } = settings.display;
  for (const [name, font] of resources.elementFonts) {
    resources.elementFonts.set(name, new model.Font(TEXT_FONT, font.size, font.style, font.weight));
  }
  resources.elementFonts.set(
    NotationElement.EffectChordNames,
    new model.Font(TEXT_FONT, CHORD_PIXELS, model.FontStyle.Plain, model.FontWeight.Bold),
  );
  resources.tablatureFont = new model.Font(TEXT_FONT, resources.tablatureFont.size);
  resources.barNumberColor = BAR_NUMBER_COLOUR;
  return settings;
}
