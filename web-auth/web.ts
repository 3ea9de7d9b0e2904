/** What every page shares: who looks, where pages lie, and what a room of pages is. */
import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import type { Audit } from '../db/audit.repository.ts';
import type { Database } from '../db/orm.ts';
import type { Listener } from '../db/listen.ts';
import type { Logger } from '../runtime/log.ts';
import type { BlobStore } from '../workflows/contract/blob-store.ts';
import type { Pages } from './look/page.ts';
import type { Sessions, Visitor } from './sign-in/sessions.ts';

/** Who looks: filled in before any page is asked; null for whoever has not signed in. */
export interface WebEnv {
  readonly Bindings: HttpBindings;
  readonly Variables: {
    readonly visitor: Visitor | null;
    readonly address: string;
    /** Of a page behind a shared link: what chats that preview it may call it; null where they are to be told nothing. */
    readonly previewTitle?: string | null;
  };
}
export type WebContext = Context<WebEnv>;

/** Public address of the pages. */
export interface WebPlace {
  /** Such as `https://woodshed.example`; from the configuration, never from a request. */
  readonly origin: string;
  /** Such as `/woodshed`; empty for the root. */
  readonly basePath: string;
  readonly isHttps: boolean;
}

/** What a room of pages may use. Rooms that need more take it beside this. */
export interface WebDeps {
  readonly place: WebPlace;
  readonly database: Database;
  readonly listener: Listener;
  readonly blobs: BlobStore;
  readonly sessions: Sessions;
  readonly audit: Audit;
  readonly pages: Pages;
  /** Aborts when the process is asked to stop: what runs on by itself ends then. */
  readonly stopping: AbortSignal;
  readonly log: Logger;
}

/** A room adds its routes. POSTs have been checked to come from our own pages when they arrive there. */
export type PageRoom = (app: Hono<WebEnv>, deps: WebDeps) => void;

/** As a person's browser asks for it. @param path begins with a slash */
export function publicUrl({ origin, basePath }: WebPlace, path: string): string {
  return `${origin}${basePath}${path}`;
}
