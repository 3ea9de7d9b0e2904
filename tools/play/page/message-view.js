// One message as an element. All text goes in as text nodes: nothing that somebody wrote is ever parsed as HTML.

/** @returns {HTMLElement} */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function initials(name) {
  const words = name.split(/[\s._-]+/u).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => [...word][0].toUpperCase())
    .join('');
}

/** 0 to 7, the same for the same name. */
export function colourIndex(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 8191;
  return sum % 8;
}

/** Tables and bars keep their columns only in letters of one width. */
function wantsMono(text) {
  return /[█░▓▒▰▱]|\S {3,}\S/u.test(text);
}

const LINK = /https?:\/\/[^\s<>()]+[^\s<>().,;:!?]/gu;

function textWithLinks(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    nodes.push(text.slice(from, match.index));
    nodes.push(element('a', { href: match[0], target: '_blank', rel: 'noreferrer', textContent: match[0] }));
    from = match.index + match[0].length;
  }
  return [...nodes, text.slice(from)];
}

function sizeText(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function fileView(file) {
  const href = `/files/${encodeURIComponent(file.sha256)}/${encodeURIComponent(file.name)}`;
  const name = element('a', { className: 'name', href, download: file.name, textContent: file.name });
  const size = element('span', { className: 'size', textContent: sizeText(file.bytes) });
  const head = element(
    'div',
    { className: 'head' },
    element('span', { className: 'sign', textContent: '♪' }),
    name,
    size,
  );
  if (file.shownAs === 'audio' || file.shownAs === 'voice') {
    const player = element('audio', { controls: true, preload: 'none', src: href });
    return element('li', { className: `file ${file.shownAs}` }, head, player);
  }
  if (file.shownAs === 'image') {
    return element('li', { className: 'file image' }, element('img', { src: href, alt: file.name, loading: 'lazy' }));
  }
  head.firstChild.textContent = '▤';
  return element('li', { className: 'file' }, head);
}

/**
 * @param message a SeenMessage
 * @param view what the page knows: `nameOf(id)`, `find(id)`, `speaker`, `replies(message)`, `atMs`, `isEdited`
 * @param on what to do: `press(message, label)`, `menu(message, button)`, `openThread(message)`
 */
export function messageView(message, view, on) {
  const name = view.nameOf(message.by);
  const isBot = message.by === 'bot';
  const classes = ['message', isBot ? 'bot' : 'person', message.by === view.speaker ? 'mine' : 'theirs'];
  if (message.onlyFor !== null) classes.push('ephemeral');
  if (message.pings.includes(view.speaker)) classes.push('pinged');

  const avatar = element('span', {
    className: `avatar c${colourIndex(name)}`,
    ariaHidden: 'true',
    textContent: initials(name),
  });
  const time = new Date(view.atMs).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const meta = element(
    'div',
    { className: 'meta' },
    element('b', { className: `c${colourIndex(name)}`, textContent: name }),
    isBot ? element('span', { className: 'tag', textContent: 'APP' }) : null,
    element('time', { textContent: time }),
    view.isEdited ? element('span', { className: 'edited', textContent: 'edited' }) : null,
  );
  const answered = message.replyTo === null ? null : view.find(message.replyTo);
  const reply =
    answered === null
      ? null
      : element(
          'div',
          { className: 'reply' },
          element('b', { textContent: view.nameOf(answered.by) }),
          ` ${excerpt(answered)}`,
        );
  const text =
    message.text === ''
      ? null
      : element('div', { className: wantsMono(message.text) ? 'text mono' : 'text' }, ...textWithLinks(message.text));
  const files =
    message.files.length === 0 ? null : element('ul', { className: 'files' }, ...message.files.map(fileView));
  const buttons =
    message.buttons.length === 0 ? null : element('div', { className: 'buttons' }, ...buttonViews(message, on));
  const replies = view.replies(message);
  const thread =
    replies === 0
      ? null
      : element('button', {
          type: 'button',
          className: 'thread',
          textContent: `${replies} ${replies === 1 ? 'reply' : 'replies'} ›`,
          onclick: () => on.openThread(message),
        });
  const only =
    message.onlyFor === null
      ? null
      : element('div', { className: 'only', textContent: `Only ${view.nameOf(message.onlyFor)} can see this` });
  const menu = element('button', { type: 'button', className: 'more', title: 'Message menu', textContent: '⋯' });
  menu.addEventListener('click', () => on.menu(message, menu));

  const body = element('div', { className: 'body' }, meta, reply, text, files, buttons, only, thread);
  const item = element('li', { className: classes.join(' ') }, avatar, body, menu);
  item.dataset.id = message.id;
  return item;
}

export function excerpt(message) {
  const [line] = message.text.split('\n');
  const said = line === '' ? message.files.map((file) => file.name).join(', ') : line;
  return said.length > 60 ? `${said.slice(0, 59)}…` : said;
}

/** Entries of one menu stand side by side in the log, and are one menu here. */
function buttonViews(message, on) {
  const views = [];
  let open = null;
  for (const button of message.buttons) {
    if (button.menu === undefined) {
      open = null;
      views.push(buttonView(message, button, on));
      continue;
    }
    const key = JSON.stringify([button.menu, button.customId]);
    if (open?.key !== key) {
      open = { key, select: menuView(message, button.menu, on) };
      views.push(open.select);
    }
    open.select.append(element('option', { value: button.label, textContent: button.label }));
  }
  return views;
}

function menuView(message, name, on) {
  const nothing = element('option', { value: '', textContent: name, disabled: true, selected: true });
  const made = element('select', { className: 'button', ariaLabel: name }, nothing);
  made.addEventListener('change', () => on.press(message, made.value));
  return made;
}

function buttonView(message, button, on) {
  if (button.url !== null) {
    return element('a', {
      className: 'button',
      href: button.url,
      target: '_blank',
      rel: 'noreferrer',
      textContent: `${button.label} ↗`,
    });
  }
  const made = element('button', { type: 'button', className: 'button', textContent: button.label });
  made.addEventListener('click', () => on.press(message, button.label));
  return made;
}
