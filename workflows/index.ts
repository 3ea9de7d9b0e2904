/** The bundle's entry: every workflow, by name. */
export { handleRequest } from './handle-request.ts';
export { mirrorJob } from './mirror-job.ts';
export { postAlbum } from './post-album.ts';
export { renderStems } from './render-stems.ts';
export { separateStems } from './separate-stems.ts';
export { sweepRetention } from './sweep-retention.ts';
