/** A picture of a tab: engraved by alphaTab, as a vector drawing. */
import { model, NotationElement, rendering, Settings, TabRhythmMode } from '@coderline/alphatab';
import { TEXT_FONT } from '../pictures/fonts.ts';
import { alphaTabScore, QUARTERS } from './alphatab-score.ts';
import type { TabScore } from './tab-score.ts';
import { fittingSize } from '../pictures/text-width.ts';
import { empty, text } from '../pictures/xml.ts';

/** Of the signs of music; comes with alphaTab. */
export const MUSIC_FONT = 'Bravura';

const BACKGROUND = '#ffffff';
const CHORD_PIXELS = 14;
const MARGIN_PIXELS = 20;
const TITLE_PIXELS = 26;
const REMARK_PIXELS = 24;
const REMARK_TEXT_PIXELS = 14;
/** What a page says once. */
const HEADINGS = [NotationElement.ScoreTitle, NotationElement.GuitarTuning];

export interface TabDrawing {
  readonly widthPixels: number;
  /** Lines of music that would end below this are left out; all are drawn by default. */
  readonly heightPixels?: number;
  /** From 1, however it is numbered; a whole song may be too tall for a chat. */
  readonly firstBar: number;
  readonly bars: number;
  /** Where bars that are left out stand, such as `on page 2`: said below the music. */
  readonly goesOn?: string;
}

export interface DrawnTab {
  /** A document whose text is in {@link TEXT_FONT} and {@link MUSIC_FONT}. */
  readonly svg: string;
  /** From 1, as `firstBar`; less than that where not even a line of it fits. */
  readonly lastBar: number;
}

interface Part {
  readonly x: number;
  readonly y: number;
  readonly svg: string;
}

/** A title stands above the first bar of a score alone. */
export function drawTab(
  score: TabScore,
  { widthPixels, heightPixels = Number.POSITIVE_INFINITY, firstBar, bars, goesOn }: TabDrawing,
): DrawnTab {
  const settings = drawingSettings();
  for (const element of firstBar > 1 ? HEADINGS : []) settings.notation.elements.set(element, false);
  settings.display.resources.elementFonts.set(NotationElement.ScoreTitle, titleFont(score.title, widthPixels));
  settings.display.startBar = firstBar;
  settings.display.barCount = bars;
  const renderer = new rendering.ScoreRenderer(settings);
  renderer.width = widthPixels;
  const parts: Part[] = [];
  const roomPixels = heightPixels - MARGIN_PIXELS - (goesOn === undefined ? 0 : REMARK_PIXELS);
  let bottom = 0;
  let lastBar = firstBar - 1;
  renderer.partialLayoutFinished.on(({ id }) => renderer.renderResult(id));
  renderer.partialRenderFinished.on(({ x, y, height, renderResult, lastMasterBarIndex }) => {
    if (y + height > roomPixels) return;
    lastBar = Math.max(lastBar, lastMasterBarIndex + 1);
    parts.push({ x, y, svg: numbered(plainFonts(String(renderResult)), settings, score) });
    bottom = Math.max(bottom, y + height);
  });
  renderer.error.on((problem) => {
    throw problem;
  });
  const drawn = alphaTabScore(score, settings);
  countRests(drawn, score);
  renderer.renderScore(drawn, [0]);
  const musicPixels = settings.display.resources.engravingSettings.musicFontSize;
  const remarks = goesOn === undefined ? [] : remark(score, lastBar, goesOn, { widthPixels, bottom });
  const height = Math.ceil(bottom) + MARGIN_PIXELS + remarks.length * REMARK_PIXELS;
  const style = `.at{font-family:${MUSIC_FONT};font-size:${musicPixels}px}`;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPixels}" height="${height}">`,
    `<style>${style}</style>`,
    empty('rect', { width: String(widthPixels), height: String(height), fill: BACKGROUND }),
    ...parts.map((part) => part.svg.replace('<svg ', `<svg x="${part.x}" y="${part.y}" `)),
    ...remarks,
    '</svg>',
  ].join('\n');
  return { svg, lastBar };
}

/** None behind the last bar. */
function remark(
  { bars }: TabScore,
  lastBar: number,
  where: string,
  { widthPixels, bottom }: { readonly widthPixels: number; readonly bottom: number },
): string[] {
  const next = bars[lastBar];
  if (next === undefined) return [];
  const [x, y] = [widthPixels - MARGIN_PIXELS, bottom + REMARK_PIXELS].map(String) as [string, string];
  const style = { 'font-family': TEXT_FONT, 'font-size': `${REMARK_TEXT_PIXELS}px`, 'text-anchor': 'end' };
  return [text('text', `Goes on with bar ${next.number} ${where}`, { x, y, ...style })];
}

/**
 * Bars in which the part is silent are counted in one sign. alphaTab ends a count where the tempo changes, and draws no chord in it: so the drift of a
 * song is left out of the picture, the first tempo is a whole number, and a bar that names a chord stands between two tempos of its own.
 */
function countRests(drawn: model.Score, { bars }: TabScore): void {
  drawn.stylesheet.perTrackMultiBarRest = new Set([0]);
  const hasChord = (index: number): boolean => bars[index]?.beats.some(({ chord }) => chord !== null) ?? false;
  const [first] = drawn.masterBars;
  for (const automation of first?.tempoAutomations ?? []) automation.value = Math.round(automation.value);
  for (const bar of drawn.masterBars.slice(1)) {
    const apart = hasChord(bar.index - 1) || hasChord(bar.index);
    bar.tempoAutomations = apart
      ? [model.Automation.buildTempoAutomation(false, 0, drawn.tempo + bar.index, QUARTERS, false)]
      : [];
  }
}

/** alphaTab counts bars from 1 whatever they are: the same numbers, which alone have their colour, as the score has them. */
function numbered(svg: string, settings: Settings, { bars }: TabScore): string {
  const fill = `fill="${settings.display.resources.barNumberColor.rgba}"`;
  return svg.replaceAll(
    new RegExp(`(${fill}>)(\\d+)(\\s*<)`, 'gu'),
    (_, before: string, drawn: string, after: string) => `${before}${bars[Number(drawn) - 1]?.number ?? drawn}${after}`,
  );
}

/** The shorthand `font` is CSS that renderers of SVG need not know: each property by its own name. */
function plainFonts(svg: string): string {
  return svg.replaceAll(
    /font:(italic )?(bold )?([\d.]+px) ([^;']+)/gu,
    (_, italic?: string, bold?: string, size?: string, family?: string) =>
      `${italic ? 'font-style:italic;' : ''}${bold ? 'font-weight:bold;' : ''}font-size:${size};font-family:${family}`,
  );
}

/** The whole title on one line. */
function titleFont(title: string, widthPixels: number): model.Font {
  return new model.Font(TEXT_FONT, fittingSize(title, 'normal', TITLE_PIXELS, widthPixels));
}

function drawingSettings(): Settings {
  const settings = new Settings();
  settings.core.engine = 'svg';
  settings.core.enableLazyLoading = false;
  settings.notation.rhythmMode = TabRhythmMode.ShowWithBars;
  // Most strings ring: the words would be everywhere. Loudness is nothing that a tab tells.
  settings.notation.elements.set(NotationElement.EffectLetRing, false);
  settings.notation.elements.set(NotationElement.EffectDynamics, false);
  const { elementFonts } = settings.display.resources;
  for (const [name, font] of elementFonts) {
    elementFonts.set(name, new model.Font(TEXT_FONT, font.size, font.style, font.weight));
  }
  elementFonts.set(
    NotationElement.EffectChordNames,
    new model.Font(TEXT_FONT, CHORD_PIXELS, model.FontStyle.Plain, model.FontWeight.Bold),
  );
  const resources = settings.display.resources;
  resources.tablatureFont = new model.Font(TEXT_FONT, resources.tablatureFont.size);
  return settings;
}
