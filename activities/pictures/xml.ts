/** XML as text. */

export type Attributes = Readonly<Record<string, string>>;

export function element(name: string, children: readonly string[], attributes: Attributes = {}): string {
  return `<${name}${written(attributes)}>${children.join('')}</${name}>\n`;
}

export function empty(name: string, attributes: Attributes = {}): string {
  return `<${name}${written(attributes)}/>`;
}

export function text(name: string, value: string | number, attributes: Attributes = {}): string {
  return `<${name}${written(attributes)}>${escaped(String(value))}</${name}>`;
}

function written(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('');
}

/** Characters that XML 1.0 cannot hold at all are left out. */
function escaped(value: string): string {
  return value
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
