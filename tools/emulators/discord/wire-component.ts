/** A message's component as the API and the gateway write it. */
import type { AttachmentStore } from './attachment-store.ts';
import { referenced } from './component-layout.ts';
import type { StoredMessage, Wire } from './message.ts';

/** With the addresses of what its `attachment://` names stand for. */
export function wireComponent(attachments: AttachmentStore, message: StoredMessage, component: Wire): Wire {
  const { components, accessory, items, media, file } = component as {
    components?: readonly Wire[];
    accessory?: Wire;
    items?: readonly Wire[];
    media?: Wire;
    file?: Wire;
  };
  const inner = (one: Wire): Wire => wireComponent(attachments, message, one);
  const open = ({ url }: Wire): Wire => {
    const attachment = referenced(message.attachments, String(url));
    if (attachment === undefined) return { url, proxy_url: url };
    const address = attachments.url(attachment);
    return { url: address, proxy_url: address, content_type: attachment.mimeType, attachment_id: attachment.id };
  };
  const shown = file === undefined ? undefined : referenced(message.attachments, String(file['url']));
  return {
    ...component,
    ...(components !== undefined && { components: components.map(inner) }),
    ...(accessory !== undefined && { accessory: inner(accessory) }),
    ...(items !== undefined && { items: items.map(inner) }),
    ...(media !== undefined && { media: open(media) }),
    ...(file !== undefined && { file: open(file) }),
    ...(shown !== undefined && { name: shown.filename, size: shown.bytes.byteLength }),
  };
}
