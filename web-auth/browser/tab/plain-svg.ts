/**
 * alphaTab's drawings say what they look like in `style`, which pages do not allow, and in fixed colours. The same, by attributes of SVG, in the
 * colours of the page.
 */

const STYLE = /\sstyle=(["'])(.*?)\1/gu;
const FONT = /^(bold )?(italic )?([\d.]+px) (.+)$/u;
const COLOURS: Readonly<Record<string, string>> = { '#000000': 'currentColor' };
const COLOUR = /\s(fill|stroke)="(#[0-9a-f]{6}|rgba\([^)]*\))"/giu;

/** @throws Error where it is no drawing */
export function plainSvg(svg: string): SVGElement {
  const plain = svg
    .replaceAll(STYLE, (_, _quote: string, style: string) => attributesOf(style))
    .replaceAll(
      COLOUR,
      (_, name: string, colour: string) => ` ${name}="${COLOURS[colour.toLowerCase()] ?? 'var(--tab-line)'}"`,
    );
  const { documentElement } = new DOMParser().parseFromString(plain, 'image/svg+xml');
  if (documentElement.nodeName !== 'svg') throw new Error('a part of the tab is no drawing');
  return document.importNode(documentElement, true) as unknown as SVGElement;
}

function attributesOf(style: string): string {
  return style
    .split(';')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => {
      const [name = '', value = ''] = each.split(/:\s*(.*)/u);
      return name === 'font' ? fontAttributes(value) : ` ${name}="${value.replaceAll('"', "'")}"`;
    })
    .join('');
}

function fontAttributes(font: string): string {
  const [, bold, italic, size, family] = FONT.exec(font) ?? [];
  if (size === undefined || family === undefined) return '';
  return [
    italic === undefined ? '' : ' font-style="italic"',
    bold === undefined ? '' : ' font-weight="bold"',
    ` font-size="${size}"`,
    ` font-family="${family.replaceAll('"', "'")}"`,
  ].join('');
}
