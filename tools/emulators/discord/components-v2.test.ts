/** Messages made of components: what may stand in them, and what people see of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ButtonStyle,
  ComponentType,
  ContainerBuilder,
  Events,
  FileBuilder,
  MessageFlags,
  SectionBuilder,
  TextDisplayBuilder,
} from 'discord.js';
import type { ButtonInteraction, TextChannel } from 'discord.js';
import type { DiscordEmulator } from './discord-emulator.ts';
import {
  HERE,
  LIMIT,
  MESSAGES,
  errorOf,
  fromBot,
  good,
  nextOf,
  post,
  song,
  withClient,
  withDiscord,
} from './discord.test-kit.ts';
import { ADA, BEN, REHEARSAL } from './options.ts';

const V2 = MessageFlags.IsComponentsV2;
const text = (content: string): object => ({ type: ComponentType.TextDisplay, content });
const file = (name: string): object => ({ type: ComponentType.File, file: { url: `attachment://${name}` } });
const button = (id: string): object => ({ type: 2, style: 1, label: id, custom_id: id });
const row = (...components: readonly object[]): object => ({ type: 1, components });
const box = (...components: readonly object[]): object => ({ type: ComponentType.Container, components });

async function refused(discord: DiscordEmulator, body: object, path = `POST ${MESSAGES}`): Promise<void> {
  assert.deepEqual(await errorOf(discord, path, { body }), [400, 50_035], JSON.stringify(body).slice(0, 200));
}

test('layouts, texts and pictures need the flag; with it there are no content and no embeds', LIMIT, async () => {
  await withDiscord({}, async (discord) => {
    await refused(discord, { components: [text('hello')] });
    await refused(discord, { components: [box(text('hello'))] });
    await refused(discord, { flags: V2, components: [text('hello')], content: 'x' });
    await refused(discord, { flags: V2, components: [text('hello')], embeds: [{ title: 'x' }] });
    assert.deepEqual(await errorOf(discord, `POST ${MESSAGES}`, { body: { flags: V2 } }), [400, 50_006]);
    await post(discord, { flags: V2, components: [text('hello')] });
    assert.deepEqual(
      fromBot(discord).map((message) => message.text),
      ['hello'],
    );
  });
});

test('there are at most 40 components, nested ones counted, and 4000 letters in all', LIMIT, async () => {
  await withDiscord({}, async (discord) => {
    const texts = (many: number): object[] => Array.from({ length: many }, () => text('x'));
    await post(discord, { flags: V2, components: [box(...texts(39))] });
    await refused(discord, { flags: V2, components: [box(...texts(39)), text('x')] });
    await post(discord, { flags: V2, components: [text('x'.repeat(2000)), box(text('y'.repeat(2000)))] });
    await refused(discord, { flags: V2, components: [text('x'.repeat(2000)), box(text('y'.repeat(2001)))] });
  });
});

test('a container holds no container, a section one to three texts and something beside them', LIMIT, async () => {
  await withDiscord({}, async (discord) => {
    const section = (components: readonly object[], accessory?: object): object => ({
      type: ComponentType.Section,
      components,
      ...(accessory !== undefined && { accessory }),
    });
    const send = { flags: V2 };
    await post(discord, { ...send, components: [section([text('x')], button('go'))] });
    for (const wrong of [
      box(box(text('x'))),
      box(),
      section([text('x')]),
      section([], button('go')),
      section([text('1'), text('2'), text('3'), text('4')], button('go')),
      section([row(button('a'))], button('go')),
      box(section([text('x')], button('go')), row(button('go'))),
      text(''),
      { type: ComponentType.MediaGallery, items: [] },
      { type: ComponentType.File, file: { url: 'https://example.org/a.mp3' } },
      button('outside a row'),
    ]) {
      await refused(discord, { ...send, components: [wrong] });
    }
  });
});

test('attachments are seen only where a component shows them, which must name one that is there', LIMIT, async () => {
  await withDiscord({}, async (discord) => {
    const files = [song('a.mp3'), song('b.mp3')];
    const body = { flags: V2, components: [text('Stems'), file('b.mp3')] };
    const id = await post(discord, body, MESSAGES, files);
    const names = (): readonly string[] => fromBot(discord)[0]?.files.map(({ name }) => name) ?? [];
    assert.deepEqual(names(), ['b.mp3']);
    await good(discord, `PATCH ${MESSAGES}/${id}`, { body: { components: [file('b.mp3'), file('a.mp3')] } });
    assert.deepEqual(names(), ['b.mp3', 'a.mp3']);
    const path = `PATCH ${MESSAGES}/${id}`;
    await refused(discord, { components: [file('c.mp3')] }, path);
    await refused(discord, { attachments: [] }, path);
    const { components } = await good(discord, `GET ${MESSAGES}/${id}`);
    const [shown] = components as readonly { name: string; size: number; file: { url: string } }[];
    assert.deepEqual([shown?.name, shown?.size], ['b.mp3', files[1]?.bytes.length]);
    const fetched = await fetch(shown?.file.url ?? '');
    assert.ok(Buffer.from(await fetched.arrayBuffer()).equals(files[1]?.bytes ?? Buffer.alloc(0)));
  });
});

test('a message can become one of components when its words go, and never changes back', LIMIT, async () => {
  await withDiscord({}, async (discord) => {
    const id = await post(discord, { content: 'working', components: [row(button('Cancel'))] });
    const path = `PATCH ${MESSAGES}/${id}`;
    await refused(discord, { flags: V2, components: [text('done')] }, path);
    await good(discord, path, { body: { flags: V2, content: null, components: [text('done')] } });
    assert.deepEqual(
      fromBot(discord).map((message) => [message.text, message.buttons.length]),
      [['done', 0]],
    );
    const { flags } = await good(discord, path, { body: { flags: 0, components: [text('still')] } });
    assert.equal(Number(flags) & V2, V2);
    await refused(discord, { flags: 0, content: 'words again', components: [] }, path);
  });
});

test('texts of components ping as content does, as far as they may', LIMIT, async () => {
  await withDiscord({}, async (discord) => {
    const body = { flags: V2, components: [box(text(`**ready** <@${BEN.id}>`))] };
    await post(discord, body);
    await post(discord, { ...body, allowed_mentions: { parse: [] } });
    assert.deepEqual(
      fromBot(discord).map((message) => [message.text, message.pings]),
      [
        ['ready @Ben Okafor', [BEN.id]],
        ['ready @Ben Okafor', []],
      ],
    );
  });
});

test('discord.js builds such a card, a person presses its button, and the card changes', LIMIT, async () => {
  await withClient({}, async (discord, client) => {
    const channel = (await client.channels.fetch(REHEARSAL.id)) as TextChannel;
    const words = (content: string): TextDisplayBuilder => new TextDisplayBuilder().setContent(content);
    const section = new SectionBuilder()
      .addTextDisplayComponents(words('# Stems'))
      .setButtonAccessory((one) => one.setCustomId('cancel:7').setLabel('Cancel').setStyle(ButtonStyle.Danger));
    await channel.send({ flags: V2, components: [new ContainerBuilder().addSectionComponents(section)] });
    const [card] = fromBot(discord);
    assert.deepEqual([card?.text, card?.buttons], ['Stems', [{ label: 'Cancel', customId: 'cancel:7', url: null }]]);
    const pressed = nextOf<ButtonInteraction>(client, Events.InteractionCreate);
    await discord.act({ kind: 'press', by: ADA.id, at: HERE, messageId: card?.id ?? '', label: 'Cancel' });
    const press = await pressed;
    assert.equal(press.customId, 'cancel:7');
    assert.equal(press.component?.type, ComponentType.Button);
    await press.update({
      components: [words('Done'), new FileBuilder().setURL('attachment://vocals.mp3')],
      files: [{ attachment: Buffer.from('abc'), name: 'vocals.mp3' }],
    });
    const [done] = fromBot(discord);
    assert.deepEqual([done?.text, done?.files.map(({ name }) => name), done?.buttons], ['Done', ['vocals.mp3'], []]);
  });
});
