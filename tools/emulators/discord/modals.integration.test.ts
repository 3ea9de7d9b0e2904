/** Modals under the real discord.js: opened by a command or a press, filled in by the person, answered by the bot. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ActionRowBuilder,
  Events,
  FileUploadBuilder,
  LabelBuilder,
  ModalBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import type { ButtonInteraction, ChatInputCommandInteraction, ModalSubmitInteraction } from 'discord.js';
import {
  HERE,
  LIMIT,
  MESSAGES,
  command,
  connect,
  errorOf,
  fromBot,
  good,
  nextEvent,
  nextOf,
  post,
  register,
  song,
  withClient,
  withDiscord,
} from './discord.test-kit.ts';
import { ADA, BEN } from './options.ts';

const BUTTON = { type: 1, components: [{ type: 2, style: 1, label: 'Rename', custom_id: 'rename' }] };

function tone(): ModalBuilder {
  const name = new TextInputBuilder().setCustomId('name').setStyle(TextInputStyle.Short).setMaxLength(20);
  const quality = new StringSelectMenuBuilder()
    .setCustomId('quality')
    .setRequired(false)
    .addOptions({ label: 'Best', value: 'best' }, { label: 'Fast', value: 'fast' });
  const takes = new FileUploadBuilder().setCustomId('takes').setMinValues(1).setMaxValues(2);
  return new ModalBuilder()
    .setCustomId('tone')
    .setTitle('New tone')
    .addLabelComponents(
      new LabelBuilder().setLabel('Name').setTextInputComponent(name),
      new LabelBuilder().setLabel('How well').setStringSelectMenuComponent(quality),
      new LabelBuilder().setLabel('Takes').setFileUploadComponent(takes),
    );
}

test(
  'a command opens a modal with a text, a menu and files; what the person fills in comes to the bot',
  LIMIT,
  async () => {
    await withClient({}, async (discord, client) => {
      const asked = nextOf<ChatInputCommandInteraction>(client, Events.InteractionCreate);
      const { id: interactionId, acknowledgedMs } = await command(discord, 'split');
      await (await asked).showModal(tone());
      assert.notEqual(await acknowledgedMs, null);
      const notices = discord.conversation.events.flatMap((event) => (event.kind === 'notice' ? [event.text] : []));
      assert.deepEqual(notices, ['Woodshed asks: New tone']);

      const sent = nextOf<ModalSubmitInteraction>(client, Events.InteractionCreate);
      const file = song('di.wav', 3000, 'audio/x-wav');
      const submitted = await discord.fillModal({
        interactionId,
        values: { Name: 'Crunch', quality: 'Best' },
        files: { Takes: [file] },
      });
      const modal = await sent;
      assert.ok(modal.isModalSubmit());
      assert.deepEqual([modal.customId, modal.user.id, modal.id], ['tone', ADA.id, submitted.id]);
      assert.equal(modal.fields.getTextInputValue('name'), 'Crunch');
      assert.deepEqual(modal.fields.getStringSelectValues('quality'), ['best']);
      const attachment = modal.fields.getUploadedFiles('takes', true).first();
      assert.equal(attachment?.name, 'di.wav');
      const fetched = await fetch(attachment?.url ?? '');
      assert.ok(Buffer.from(await fetched.arrayBuffer()).equals(file.bytes));
      await modal.reply('**Crunch** it is');
      assert.notEqual(await submitted.acknowledgedMs, null);
      assert.deepEqual(
        fromBot(discord).map(({ text }) => text),
        ['Crunch it is'],
      );
      await assert.rejects(discord.fillModal({ interactionId, values: {} }), /no open modal/u);
    });
  },
);

test('what the modal does not let through is not sent', LIMIT, async () => {
  await withClient({}, async (discord, client) => {
    const asked = nextOf<ChatInputCommandInteraction>(client, Events.InteractionCreate);
    const { id: interactionId, acknowledgedMs } = await command(discord, 'split');
    await assert.rejects(discord.fillModal({ interactionId, values: {} }), /no open modal/u);
    await (await asked).showModal(tone());
    await acknowledgedMs;
    const files = { Takes: [song()] };
    const wrong = async (values: Readonly<Record<string, string>>, more = files): Promise<void> => {
      await assert.rejects(discord.fillModal({ interactionId, values, files: more }), RangeError);
    };
    await wrong({});
    await wrong({ Name: 'x'.repeat(21) });
    await wrong({ Name: 'x', 'How well': 'worst' });
    await wrong({ Name: 'x', Colour: 'red' });
    await wrong({ Name: 'x' }, { Takes: [] });
    await wrong({ Name: 'x' }, { Takes: [song(), song(), song()] });
    const sent = nextOf<ModalSubmitInteraction>(client, Events.InteractionCreate);
    await discord.fillModal({ interactionId, values: { Name: 'x' }, files });
    assert.deepEqual((await sent).fields.getStringSelectValues('quality'), []);
  });
});

test('a modal of a button changes the message with the button', LIMIT, async () => {
  await withClient({}, async (discord, client) => {
    const messageId = await post(discord, { content: 'Song', components: [BUTTON] });
    const pressed = nextOf<ButtonInteraction>(client, Events.InteractionCreate);
    const { id: interactionId, acknowledgedMs } = await discord.act({
      kind: 'press',
      by: BEN.id,
      at: HERE,
      messageId,
      label: 'Rename',
    });
    const input = new TextInputBuilder()
      .setCustomId('title')
      .setLabel('Title')
      .setStyle(TextInputStyle.Short)
      .setValue('Song');
    await (
      await pressed
    ).showModal(
      new ModalBuilder()
        .setCustomId('m')
        .setTitle('Rename')
        .addComponents(new ActionRowBuilder<TextInputBuilder>().addComponents(input)),
    );
    await acknowledgedMs;
    const sent = nextOf<ModalSubmitInteraction>(client, Events.InteractionCreate);
    const submitted = await discord.fillModal({ interactionId, values: { Title: 'Ballad' } });
    const modal = await sent;
    assert.ok(modal.isFromMessage());
    assert.deepEqual([modal.message.id, modal.user.id], [messageId, BEN.id]);
    await modal.update(modal.fields.getTextInputValue('title'));
    assert.notEqual(await submitted.acknowledgedMs, null);
    assert.deepEqual(
      fromBot(discord).map(({ id, text }) => [id, text]),
      [[messageId, 'Ballad']],
    );
  });
});

test('a modal is refused where it is none, and as the answer to another', LIMIT, async () => {
  await withDiscord({}, async (discord) => {
    await register(discord);
    const gateway = await connect(discord);
    const { id: interactionId, acknowledgedMs } = await command(discord, 'split');
    const { id, token } = await nextEvent(gateway, 'INTERACTION_CREATE');
    const path = `POST /interactions/${String(id)}/${String(token)}/callback`;
    const field = { type: 1, components: [{ type: 4, custom_id: 'a', label: 'A', style: 1, required: false }] };
    const modal = { custom_id: 'm', title: 'M', components: [field] };
    for (const change of [
      { title: 'x'.repeat(46) },
      { components: [] },
      { components: [BUTTON] },
      { components: [field, field] },
      { components: Array.from({ length: 6 }, () => ({ type: 10, content: 'x' })) },
    ]) {
      const body = { type: 9, data: { ...modal, ...change } };
      assert.deepEqual(await errorOf(discord, path, { body }), [400, 50_035], JSON.stringify(change));
    }
    await good(discord, path, { body: { type: 9, data: modal } });
    await acknowledgedMs;
    const submitted = await discord.fillModal({ interactionId, values: {} });
    const { d } = await gateway.until(({ d: data }) => data?.['id'] === submitted.id);
    const answer = `POST /interactions/${String(d['id'])}/${String(d['token'])}/callback`;
    assert.deepEqual(await errorOf(discord, answer, { body: { type: 9, data: modal } }), [400, 50_035]);
    assert.deepEqual(
      await errorOf(discord, answer, { body: { type: 7, data: { content: 'x' } } }),
      [400, 50_035],
      'it has no message',
    );
    await good(discord, answer, { body: { type: 4, data: { content: 'ok' } } });
    assert.equal(((await good(discord, `GET ${MESSAGES}`)) as unknown as readonly object[]).length, 1);
  });
});
