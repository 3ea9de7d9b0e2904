import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { OpenFile } from '../../workflows/contract/chat-port.ts';
import type { ResultFile } from '../../workflows/contract/delivery.ts';
import type { PortBench, PortRoom } from './chat-port.test-kit.ts';
import { DONE, exampleCard, exampleFile } from './port-example.test-kit.ts';

const NAMES = ['vocals.mp3', 'vocals.png', 'accompaniment.mp3', 'accompaniment.png', 'residual.mp3', 'metadata.json'];
const HOSTILE_NAMES = ['../stray.wav', '../../stray.wav', '/stray.wav', 'folder/stray.wav', '..', '.', ''];

export function testFiles({ room, folder }: PortBench): void {
  async function files(names: readonly string[] = NAMES, size = 30_001): Promise<readonly OpenFile[]> {
    return await Promise.all(names.map(async (name, index) => await exampleFile(folder(), name, size + index)));
  }

  /** Byte for byte, and nothing else. A picture may be shown without its name. */
  async function assertThere(all: readonly OpenFile[]): Promise<void> {
    const expected = opened(laidOut(room(), all), all);
    const seen = (await room().messages()).flatMap((message) => [...message.files]);
    assert.equal(seen.length, expected.length, seen.map(([name]) => name).join(', '));
    for (const { fileName, kind, path } of expected) {
      const wanted = await readFile(path);
      const name = seen.find(([, bytes]) => wanted.equals(bytes))?.[0];
      assert.ok(name !== undefined, `${fileName} is whole`);
      if (kind !== 'picture') assert.equal(name, fileName);
    }
  }

  test('every sound has exactly one way into the chat, and nothing has two', async () => {
    const all = await files([...NAMES, ...Array.from({ length: 20 }, (_, index) => `stem-${String(index)}.mp3`)]);
    const out = laidOut(room(), all);
    assert.equal(new Set(out.map(({ fileName }) => fileName)).size, out.length);
    const sounds = all.filter(({ kind }) => kind === 'sound');
    assert.deepEqual(opened(out, sounds), sounds);
    assert.ok(
      room()
        .port.layout(all)
        .inPlaceholders.every((group) => group.length > 0),
    );
  });

  test('a result comes whole, and once; handed over again it is the same', async () => {
    const all = await files();
    const ids = await place(room(), all);
    await assertThere(all);
    await fillAgain(room(), all, ids);
    await assertThere(all);
  });

  for (const names of [['chart.png', 'tab.mp3', 'tab.mid', 'page.png', 'tab.musicxml', 'tab.json'], ['words.txt']]) {
    test(`a sheet of ${String(names.length)} comes whole: every document, and every page of it`, async () => {
      const kinds = { png: 'picture', mp3: 'sound' } as const;
      const sheet = (await files(names)).map((file) => ({
        ...file,
        kind: kinds[file.fileName.slice(-3) as keyof typeof kinds] ?? ('document' as const),
      }));
      assert.deepEqual(
        laidOut(room(), sheet)
          .map(({ fileName }) => fileName)
          .toSorted(),
        names.toSorted(),
      );
      await place(room(), sheet);
      await assertThere(sheet);
    });
  }

  test('a smaller result takes the place of a larger one', async () => {
    const ids = await place(room(), await files(NAMES.map((name) => name.replace('.mp3', '.flac'))));
    const smaller = await files(NAMES, 20_001);
    const { posted } = room().port.layout(smaller);
    // A folder keeps what is in it; and what was posted once stays.
    if (posted.length === 0 && room().network !== null) {
      await fillAgain(room(), smaller, ids);
      await assertThere(smaller);
    }
  });

  test('a placeholder says which file it waits for, and goes without a trace where the platform can', async () => {
    const { port, address } = room();
    const all = await files();
    const [group] = port.layout(all).inPlaceholders;
    if (group === undefined) {
      return;
    }
    const card = exampleCard({ version: 1 });
    const { messageId: cardId } = await port.postCard(address, card, 'nonce');
    const { messageId } = await port.postPlaceholder(address, cardId, card, group, 'nonce-1');
    const placeholder = (await room().messages()).find(({ id }) => id === messageId);
    for (const { fileName } of group) assert.ok(placeholder?.text.includes(fileName), fileName);
    const isGone = await port.removeStray(address, messageId);
    assert.equal(
      (await room().messages()).some(({ id }) => id === messageId),
      !isGone,
    );
    await port.removeStray(address, messageId);
  });

  for (const fileName of HOSTILE_NAMES) {
    test(`no file named ${JSON.stringify(fileName)} leaves the room`, async () => {
      const file = { ...(await exampleFile(folder(), 'hostile.wav', 3)), fileName };
      const { port, address } = room();
      const { messageId } = await port.postCard(address, exampleCard({ version: 1 }), 'nonce');
      await port.editCard(address, messageId, exampleCard({ version: 2 }, DONE), [file]).catch(() => undefined);
      assert.deepEqual(await room().strays(), []);
    });
  }
}

interface Placed {
  readonly card: string;
  readonly placeholders: readonly string[];
}

/** As the result writer does it. */
export async function place({ port, address }: PortRoom, files: readonly OpenFile[]): Promise<Placed> {
  const { inPlaceholders, posted } = port.layout(files);
  const last = exampleCard({ version: 9 }, DONE);
  const { messageId: card } = await port.postCard(address, exampleCard({ version: 1 }), 'nonce');
  const placeholders: string[] = [];
  for (const [index, group] of inPlaceholders.entries()) {
    const nonce = `nonce-${String(index)}`;
    placeholders.push((await port.postPlaceholder(address, card, last, group, nonce)).messageId);
  }
  if (posted.length > 0) {
    const { links } = await port.postFiles(address, card, last, opened(posted, files));
    if (links.length > 0) {
      assert.deepEqual(
        links.map(({ fileName }) => fileName).toSorted(),
        posted.map(({ fileName }) => fileName).toSorted(),
      );
    }
    const found = await port.findPostedFiles(address, card, last);
    assert.ok(found === null || found.links.length === links.length);
  }
  const placed = { card, placeholders };
  await fillAgain({ port, address }, files, placed);
  return placed;
}

async function fillAgain(
  { port, address }: Pick<PortRoom, 'port' | 'address'>,
  files: readonly OpenFile[],
  { card, placeholders }: Placed,
): Promise<void> {
  const { inCard, inPlaceholders } = port.layout(files);
  const last = exampleCard({ version: 9 }, DONE);
  for (const [index, group] of inPlaceholders.entries()) {
    await port.fillPlaceholder(address, placeholders[index] ?? '', last, opened(group, files));
  }
  await port.editCard(address, card, last, opened(inCard, files));
}

function laidOut({ port }: PortRoom, files: readonly ResultFile[]): readonly ResultFile[] {
  const { inCard, inPlaceholders, posted } = port.layout(files);
  return [...inCard, ...inPlaceholders.flat(), ...posted];
}

function opened(group: readonly ResultFile[], files: readonly OpenFile[]): readonly OpenFile[] {
  return files.filter(({ fileName }) => group.some((file) => file.fileName === fileName));
}
