/**
 * RFC 6266: always a download, never shown by the browser as a page; the plain name for old ones, the full one for the rest.
 *
 * @param downloadName well-formed Unicode
 */
export function contentDisposition(downloadName: string | undefined): string {
  if (downloadName === undefined) return 'attachment';
  const plain = downloadName.replaceAll(/[^\w. -]/g, '_');
  const full = encodeURIComponent(downloadName).replaceAll(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${full}`;
}
