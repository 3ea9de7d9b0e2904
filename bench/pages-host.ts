/** The web server of the benchmark, in a process of its own: library, mixer and shared links of one database. Says where it is. */
import { openBlobStore } from '../db/blobs/open-blob-store.ts';
import { openDatabase } from '../db/orm.ts';
import { memberAccess, sharedAccess } from '../web-auth/library/access.ts';
import { libraryPages } from '../web-auth/library/library-pages.ts';
import { recordingRoutes } from '../web-auth/mixer/recording-routes.ts';
import { openPagesServer } from '../web-auth/pages.test-kit.ts';

export interface PagesHostOptions {
  readonly databaseUrl: string;
  readonly blobFolder: string;
  readonly memberId: string;
}

export interface PagesHostAnswer {
  readonly origin: string;
  /** Of the member. */
  readonly cookie: string;
}

const { databaseUrl, blobFolder, memberId } = JSON.parse(process.argv[2] ?? '') as PagesHostOptions;
const database = await openDatabase(databaseUrl);
const closing: (() => unknown)[] = [async () => await database.close()];
const parts = {
  // Every player is there: none is begun.
  startRendering: async () => await Promise.resolve(),
  linkTo: () => '/d/none',
};
const server = await openPagesServer(
  { after: (close) => closing.push(close) },
  {
    database,
    databaseUrl,
    blobs: await openBlobStore({ kind: 'folder', root: blobFolder }),
    rooms: [
      libraryPages,
      recordingRoutes({ prefix: '/r/:id', resolve: memberAccess({ database }), ...parts }),
      recordingRoutes({ prefix: '/s/:token', resolve: sharedAccess({ database }), ...parts }),
    ],
  },
);
process.send?.({ origin: server.origin, cookie: await server.signIn(memberId) } satisfies PagesHostAnswer);
process.on('disconnect', () => {
  void (async () => {
    for (const close of closing.toReversed()) await close();
  })();
});
