// The playroom's page: keeps what the events say, shows the chosen place, sends what the person does.
import { createComposer } from './composer.js';
import { element, excerpt, messageView } from './message-view.js';

const by = (id) => document.getElementById(id);
const [list, speaker, menu] = ['messages', 'speaker', 'menu'].map(by);
const room = await (await fetch('/room')).json();

/** Standing messages by chat and id, in the order of their coming: `{ message, atMs, isEdited }`. */
const standing = new Map();
const places = room.places.map((place) => ({ chat: place.id, thread: place.thread, name: place.name, isNew: false }));
let place = places[0];

const keyOf = (chat, id) => `${chat}\n${id}`;
const nameOf = (id) => (id === 'bot' ? 'Woodshed' : (room.people.find((person) => person.id === id)?.name ?? id));
const isAt = (message, where) => message.chat === where.chat && message.thread === where.thread;

document.body.dataset.platform = room.platform;
document.title = `${room.title} – Woodshed playroom`;
by('title').textContent = room.title;
speaker.append(...room.people.map(({ id, name }) => element('option', { value: id, textContent: name })));
speaker.addEventListener('change', showAll);

const composer = createComposer({
  commands: room.commands,
  nameOf,
  say(said, files) {
    const line = { by: speaker.value, at: { chat: place.chat, thread: place.thread }, ...said };
    const form = new FormData();
    form.set('line', JSON.stringify(line));
    for (const file of files) form.append('file', file);
    return send('/say', { body: form });
  },
  change: (messageId, text) => act({ kind: 'edit', messageId, text }),
});

// ---- what happens in the room

const stream = new EventSource('/events');
stream.addEventListener('chat', ({ data }) => take(JSON.parse(data)));
stream.addEventListener('stack', ({ data }) => showStack(JSON.parse(data)));
stream.addEventListener('error', () => showStack({ state: 'ended', line: 'The playroom does not answer.' }));

function take(event) {
  if (event.kind === 'notice') {
    toast(`${event.text}`, `for ${nameOf(event.onlyFor)}`);
    return;
  }
  if (event.kind === 'deleted') {
    standing.delete(keyOf(event.chat, event.messageId));
    by('messages')
      .querySelector(`[data-id="${CSS.escape(event.messageId)}"]`)
      ?.remove();
    return;
  }
  const { message } = event;
  const key = keyOf(message.chat, message.id);
  const before = standing.get(key);
  standing.set(key, {
    message,
    atMs: before?.atMs ?? event.atMs,
    isEdited: event.kind === 'edited' || (before?.isEdited ?? false),
  });
  discover(message);
  show(standing.get(key));
  if (message.thread !== null) {
    const root = standing.get(keyOf(message.chat, message.thread));
    if (root !== undefined && before === undefined) show(root);
  }
}

/** Threads and private chats that came up while the room was open. */
function discover(message) {
  let where = places.find((known) => isAt(message, known));
  if (where === undefined) {
    const root = standing.get(keyOf(message.chat, message.thread));
    const chat = places.find((known) => known.chat === message.chat && known.thread === null);
    const name =
      message.thread === null ? nameOf(message.chat) : `↳ ${root === undefined ? 'thread' : excerpt(root.message)}`;
    where = { chat: message.chat, thread: message.thread, name, isNew: false };
    const after = chat === undefined ? places.length : places.findLastIndex((known) => known.chat === chat.chat) + 1;
    places.splice(after, 0, where);
    where.isNew = true;
    showPlaces();
  }
  if (where !== place && !where.isNew) {
    where.isNew = true;
    showPlaces();
  }
}

// ---- what is shown

function show(entry) {
  const isRoot = place.thread !== null && entry.message.chat === place.chat && entry.message.id === place.thread;
  if (!isAt(entry.message, place) && !isRoot) return;
  const nearEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 120;
  const old = list.querySelector(`[data-id="${CSS.escape(entry.message.id)}"]`);
  const made = messageView(entry.message, viewOf(entry), { press, menu: openMenu, openThread });
  keepPlayers(old, made);
  if (old === null) list.append(made);
  else old.replaceWith(made);
  if (nearEnd) list.scrollTop = list.scrollHeight;
}

/** An edit must not stop the music: players of files that stay are moved over. */
function keepPlayers(old, made) {
  for (const player of old?.querySelectorAll('audio') ?? []) {
    [...made.querySelectorAll('audio')].find(({ src }) => src === player.src)?.replaceWith(player);
  }
}

function viewOf({ atMs, isEdited }) {
  return {
    nameOf,
    atMs,
    isEdited,
    speaker: speaker.value,
    find: (id) => standing.get(keyOf(place.chat, id))?.message ?? null,
    replies: ({ chat, id }) =>
      place.thread === id
        ? 0
        : [...standing.values()].filter(({ message }) => message.chat === chat && message.thread === id).length,
  };
}

function showAll() {
  list.replaceChildren();
  for (const entry of standing.values()) show(entry);
  list.scrollTop = list.scrollHeight;
}

function showPlaces() {
  place.isNew = false;
  by('place').textContent = place.name;
  by('places').replaceChildren(
    ...places.map((known) => {
      const button = element('button', { type: 'button', textContent: known.name });
      button.ariaCurrent = String(known === place);
      button.classList.toggle('new', known.isNew);
      button.addEventListener('click', () => go(known));
      return element('li', { className: known.thread === null ? 'chat' : 'sub' }, button);
    }),
  );
}

function go(where) {
  place = where;
  composer.clear();
  const body = JSON.stringify({ chat: place.chat, thread: place.thread });
  void send('/enter', { body, headers: { 'content-type': 'application/json' } });
  showPlaces();
  showAll();
  composer.focus();
}

function openThread({ chat, id }) {
  go(places.find((known) => known.chat === chat && known.thread === id) ?? place);
}

function showStack({ state, line }) {
  by('stack').dataset.state = state;
  by('stack').textContent = line;
}

function toast(what, whom) {
  const made = element('p', { className: 'toast' }, what, element('small', { textContent: whom }));
  by('toasts').append(made);
  setTimeout(() => made.remove(), 6000);
}

// ---- what the person does

async function send(path, options) {
  const response = await fetch(path, { method: 'POST', ...options });
  if (response.ok) return true;
  toast((await response.json()).error, 'not possible');
  return false;
}

function act(deed) {
  const body = JSON.stringify({ by: speaker.value, at: { chat: place.chat, thread: place.thread }, ...deed });
  return send('/do', { body, headers: { 'content-type': 'application/json' } });
}

function press(message, label) {
  return act({ kind: 'press', messageId: message.id, label, at: { chat: message.chat, thread: message.thread } });
}

function openMenu(message, button) {
  const item = (label, doIt) => {
    const made = element('button', { type: 'button', textContent: label });
    made.addEventListener('click', () => {
      menu.hidePopover();
      doIt();
    });
    return made;
  };
  const at = { chat: message.chat, thread: message.thread };
  const mine = message.by === speaker.value;
  menu.replaceChildren(
    item('Reply', () => composer.reply(message)),
    item('Reply in thread', () => {
      const known = places.find((one) => one.chat === message.chat && one.thread === message.id);
      go(known ?? addThread(message));
    }),
    ...room.shortcuts.map((name) => item(name, () => act({ kind: 'shortcut', messageId: message.id, name, at }))),
    ...(mine ? [item('Edit', () => composer.edit(message))] : []),
    ...(mine ? [item('Delete', () => act({ kind: 'delete', messageId: message.id, at }))] : []),
  );
  if (room.platform === 'telegram' || message.thread !== null) menu.children[1].remove();
  menu.showPopover();
  const { right, bottom } = button.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(right, innerWidth - 8) - menu.offsetWidth)}px`;
  menu.style.top = `${Math.max(8, Math.min(bottom + 4, innerHeight - menu.offsetHeight - 8))}px`;
}

function addThread(message) {
  const made = { chat: message.chat, thread: message.id, name: `↳ ${excerpt(message)}`, isNew: false };
  places.splice(places.findLastIndex((known) => known.chat === message.chat) + 1, 0, made);
  return made;
}

showPlaces();
