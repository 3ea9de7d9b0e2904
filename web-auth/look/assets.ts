/**
 * Files for browsers, read at the start, prepared when they are first asked for, and served under a path that names their bytes, so that they may be kept for ever. Scripts are
 * TypeScript whose types are taken out: there is no build. What they import from packages is served beside them.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, extname, join, relative, sep } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
// What Node itself takes types out with; its own door to it is experimental, and says so on every start.
import { transformSync } from 'amaro';

export interface Asset {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Null where it does not get smaller. */
  readonly brotli: Uint8Array<ArrayBuffer> | null;
  readonly gzip: Uint8Array<ArrayBuffer> | null;
}

export interface Assets {
  /** Where `name` lies, such as `/assets/1f3c…/mixer/main.ts`. @throws RangeError for a name that is none */
  path(name: string): string;
  find(path: string): Asset | null;
  paths(): readonly string[];
}

const WEB = join(import.meta.dirname, '..');
const TYPES: Readonly<Record<string, string>> = {
  '.ts': 'text/javascript; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/** Packages that scripts import, and the file of each that browsers take: one module without imports of its own. */
const PACKAGES: Readonly<Record<string, string>> = {
  'signalsmith-stretch': 'SignalsmithStretch.mjs',
  // For everybody's page: it is not a module, and stands in `window.tus` once it was imported.
  'tus-js-client': 'dist/tus.min.js',
  '@coderline/alphatab': 'dist/alphaTab.core.min.mjs',
};
/** Other files of packages, by the names under which style sheets find them. */
const FILES: Readonly<Record<string, readonly [name: string, file: string]>> = {
  'packages/bravura.woff2': ['@coderline/alphatab', 'dist/font/Bravura.woff2'],
};
/** Beyond it, the last few percent would take a processor for seconds. */
const LARGE_BYTES = 400_000;
const [BEST_QUALITY, QUICK_QUALITY] = [11, 7];
const PACKAGE_IMPORT = /(\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)(['"])([a-z@][\w@/.-]*)\2/gu;

interface Source {
  readonly name: string;
  readonly bytes: Buffer;
}

/** @param packages replaces the usual ones, for tests */
export function loadAssets(packages: Readonly<Record<string, string>> = PACKAGES): Assets {
  const sources = [
    ...filesBelow(join(WEB, 'browser')).map((name) => source(name, join(WEB, 'browser', name))),
    ...['style.css', 'icon.svg'].map((name) => source(`look/${name}`, join(WEB, 'look', name))),
    ...Object.entries(packages).map(([name, file]) => source(packagePath(name), inPackage(name, file))),
    ...Object.entries(FILES).map(([name, [pack, file]]) => source(name, inPackage(pack, file))),
  ];
  // One hash over all of them: what they import of each other lies under the same one.
  const hash = createHash('sha256');
  for (const { name, bytes } of sources) hash.update(`${name}\0`).update(bytes);
  const root = `/assets/${hash.digest('hex').slice(0, 16)}`;
  const byPath = new Map(sources.map((each) => [`${root}/${each.name}`, each]));
  const prepared = new Map<string, Asset>();
  return {
    path(name) {
      const path = `${root}/${name}`;
      if (!byPath.has(path)) throw new RangeError(`there is no file ${name} for browsers`);
      return path;
    },
    find(path) {
      const found = byPath.get(path);
      if (found === undefined) return null;
      // When it is first asked for: a start waits for no page.
      const asset = prepared.get(path) ?? prepare(found, packages);
      prepared.set(path, asset);
      return asset;
    },
    paths: () => [...byPath.keys()],
  };
}

function inPackage(name: string, file: string): string {
  return join(dirname(findPackageJSON(name, import.meta.url) ?? ''), file);
}

function source(name: string, path: string): Source {
  return { name, bytes: readFileSync(path) };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && extname(entry.name) in TYPES && !/\.(?:test|test-kit|d)\.ts$/u.test(entry.name),
    )
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted();
}

function prepare({ name, bytes }: Source, packages: Readonly<Record<string, string>>): Asset {
  const type = TYPES[extname(name)] ?? 'application/octet-stream';
  if (extname(name) === '.woff2') return { type, bytes: new Uint8Array(bytes), brotli: null, gzip: null };
  return compressed(type, extname(name) === '.ts' ? Buffer.from(asScript(name, bytes, packages)) : bytes);
}

/** Without types, and with packages where browsers find them. */
function asScript(name: string, bytes: Buffer, packages: Readonly<Record<string, string>>): string {
  const script = transformSync(bytes.toString('utf8'), { mode: 'strip-only' }).code;
  const up = '../'.repeat(name.split('/').length - 1) || './';
  return script.replaceAll(PACKAGE_IMPORT, (_whole, before: string, quote: string, specifier: string) => {
    if (!(specifier in packages)) throw new RangeError(`${name} imports ${specifier}, which browsers are not given`);
    return `${before}${quote}${up}${packagePath(specifier)}${quote}`;
  });
}

function packagePath(name: string): string {
  return `packages/${name.replaceAll(/[^\w-]/gu, '-')}.js`;
}

function compressed(type: string, bytes: Buffer): Asset {
  const brotli = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      [constants.BROTLI_PARAM_QUALITY]: bytes.length > LARGE_BYTES ? QUICK_QUALITY : BEST_QUALITY,
    },
  });
  const gzip = gzipSync(bytes, { level: 9 });
  return {
    type,
    bytes: new Uint8Array(bytes),
    brotli: brotli.length < bytes.length ? new Uint8Array(brotli) : null,
    gzip: gzip.length < bytes.length ? new Uint8Array(gzip) : null,
  };
}
