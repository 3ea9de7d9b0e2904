import type { Hono } from 'hono';
import type { WebEnv } from '../web.ts';
import type { Asset, Assets } from './assets.ts';

const A_YEAR_SECONDS = 31_536_000;

/** `GET /assets/…`: as small as the browser takes it, and never asked for again. */
export function addAssets(app: Hono<WebEnv>, assets: Assets): void {
  app.get('/assets/*', (context) => {
    const asset = assets.find(context.req.path);
    if (asset === null) return context.notFound();
    const { encoding, bytes } = encoded(asset, context.req.header('Accept-Encoding') ?? '');
    return context.body(bytes, 200, {
      'Content-Type': asset.type,
      'Cache-Control': `public, max-age=${String(A_YEAR_SECONDS)}, immutable`,
      Vary: 'Accept-Encoding',
      ...(encoding === null ? {} : { 'Content-Encoding': encoding }),
    });
  });
}

function encoded(
  { bytes, brotli, gzip }: Asset,
  accepted: string,
): { readonly encoding: 'br' | 'gzip' | null; readonly bytes: Uint8Array<ArrayBuffer> } {
  const takes = new Set(accepted.split(',').map((part) => part.split(';')[0]?.trim()));
  if (brotli !== null && takes.has('br')) return { encoding: 'br', bytes: brotli };
  if (gzip !== null && takes.has('gzip')) return { encoding: 'gzip', bytes: gzip };
  return { encoding: null, bytes };
}
