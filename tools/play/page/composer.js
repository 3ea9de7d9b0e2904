// What the person types: text, attached files, a message that is answered or changed, and what a slash offers.
import { element, excerpt } from './message-view.js';

const by = (id) => document.getElementById(id);
const [form, text] = [by('composer'), by('text')];

/**
 * @param options `commands` to offer, `nameOf(id)`, and what to do, each giving whether it worked: `say({ text, replyTo }, files)`,
 *   `change(messageId, text)`
 */
export function createComposer({ commands, nameOf, say, change }) {
  let replyTo = null;
  let editing = null;
  let attached = [];

  function setContext(kind, message) {
    replyTo = kind === 'reply' ? message.id : null;
    editing = kind === 'edit' ? message.id : null;
    const context = by('context');
    context.hidden = kind === null;
    if (kind === null) return;
    const what = kind === 'edit' ? 'Editing' : `Replying to ${nameOf(message.by)}:`;
    context.firstElementChild.textContent = `${what} ${excerpt(message)}`;
    if (kind === 'edit') text.value = message.text;
    text.focus();
  }

  function attach(files) {
    attached = [...files];
    by('attached').hidden = attached.length === 0;
    by('attached').replaceChildren(
      ...attached.map((file) => {
        const drop = element('button', { type: 'button', textContent: '✕', ariaLabel: `Remove ${file.name}` });
        drop.addEventListener('click', () => attach(attached.filter((other) => other !== file)));
        return element('li', {}, file.name, drop);
      }),
    );
  }

  function showHints() {
    const typed = text.value;
    const fitting = typed.startsWith('/') ? commands.filter((one) => one.startsWith(typed)) : [];
    by('hints').hidden = fitting.length === 0;
    by('hints').replaceChildren(
      ...fitting.map((command) => {
        const made = element('button', { type: 'button', textContent: command });
        made.addEventListener('click', () => {
          text.value = `${command} `;
          showHints();
          text.focus();
        });
        return element('li', {}, made);
      }),
    );
  }

  async function submit() {
    const worked =
      editing === null ? await say({ text: text.value, replyTo }, attached) : await change(editing, text.value);
    if (!worked) return;
    text.value = '';
    text.rows = 1;
    attach([]);
    setContext(null, null);
    showHints();
  }

  text.placeholder = commands.length > 0 ? `Message, or ${commands[0]} …` : 'Message';
  text.addEventListener('input', () => {
    text.rows = Math.min(8, text.value.split('\n').length);
    showHints();
  });
  text.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
    if (event.key === 'Escape') setContext(null, null);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
  by('context').lastElementChild.addEventListener('click', () => setContext(null, null));
  by('files').addEventListener('change', ({ target }) => {
    attach([...attached, ...target.files]);
    target.value = '';
  });
  by('messages').addEventListener('dragover', (event) => event.preventDefault());
  by('messages').addEventListener('drop', (event) => {
    event.preventDefault();
    attach([...attached, ...event.dataTransfer.files]);
  });

  return {
    reply: (message) => setContext('reply', message),
    edit: (message) => setContext('edit', message),
    clear: () => setContext(null, null),
    focus: () => text.focus(),
  };
}
