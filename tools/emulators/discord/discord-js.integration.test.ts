/** The emulator under the real discord.js, where the client's own ways matter. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import {
  ActionRowBuilder,
  ApplicationCommandOptionType,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  DiscordAPIError,
  Events,
  MessageFlags,
} from 'discord.js';
import type {
  AutocompleteInteraction,
  ButtonInteraction,
  ChatInputCommandInteraction,
  Client,
  Interaction,
  Message,
  MessageContextMenuCommandInteraction,
  TextChannel,
} from 'discord.js';
import { plannedFaults } from '../core/faults.ts';
import {
  HERE,
  LIMIT,
  PATIENCE_MS,
  command,
  fromBot,
  login,
  say,
  song,
  withClient,
  withDiscord,
} from './discord.test-kit.ts';
import { ADA, BEN, GUILD, NEW_SONG, OVERDUBS, REHEARSAL, SONGS } from './options.ts';

async function next<T>(client: Client, event: string): Promise<T> {
  const [found] = await once(client, event, { signal: AbortSignal.timeout(PATIENCE_MS) });
  return found as T;
}

async function textChannel(client: Client, id = REHEARSAL.id): Promise<TextChannel> {
  return (await client.channels.fetch(id)) as TextChannel;
}

test('a slash command with a file comes, is answered later, and its file can be fetched', LIMIT, async () => {
  await withClient({}, async (discord, client) => {
    const coming = next<ChatInputCommandInteraction>(client, Events.InteractionCreate);
    const file = song('My (best) take.flac', 5000);
    const { acknowledgedMs, id } = await command(discord, 'split', { options: { quality: 'Best' }, file });
    const interaction = await coming;
    assert.equal(interaction.id, id);
    assert.equal(interaction.options.getString('quality'), 'best');
    assert.equal(interaction.channel?.id, REHEARSAL.id);
    assert.equal(interaction.guild?.name, GUILD.name);
    const attachment = interaction.options.getAttachment('audio', true);
    assert.deepEqual([attachment.name, attachment.title], ['My_best_take.flac', 'My (best) take']);
    const fetched = await fetch(attachment.url);
    assert.ok(Buffer.from(await fetched.arrayBuffer()).equals(file.bytes));

    await interaction.deferReply();
    assert.ok(typeof (await acknowledgedMs) === 'number');
    assert.deepEqual(
      fromBot(discord).map(({ text }) => text),
      ['Woodshed is thinking…'],
    );
    await interaction.editReply({
      content: '**Done** at last',
      files: [new AttachmentBuilder(Buffer.from('abc'), { name: 'vocals.mp3' })],
    });
    const [answer] = fromBot(discord);
    assert.equal(answer?.text, 'Done at last');
    assert.deepEqual(
      answer?.files.map(({ name, shownAs }) => [name, shownAs]),
      [['vocals.mp3', 'audio']],
    );
    await interaction.followUp({ content: 'psst', flags: MessageFlags.Ephemeral });
    assert.deepEqual(
      fromBot(discord).map(({ onlyFor }) => onlyFor),
      [null, ADA.id],
    );
    await interaction.deleteReply();
    assert.deepEqual(
      fromBot(discord).map(({ text }) => text),
      ['psst'],
    );
  });
});

test('sub-commands come by their words, in private chats as well', LIMIT, async () => {
  await withClient({}, async (discord, client) => {
    const coming = next<ChatInputCommandInteraction>(client, Events.InteractionCreate);
    const at = { chat: discord.directChat(ADA.id), thread: null };
    await command(discord, 'jam', { at, text: 'band create', options: { name: 'The Combo' } });
    const interaction = await coming;
    assert.equal(interaction.options.getSubcommandGroup(), 'band');
    assert.equal(interaction.options.getSubcommand(), 'create');
    assert.equal(interaction.options.getString('name'), 'The Combo');
    assert.equal(interaction.guildId, null);
    assert.ok(interaction.channel?.isDMBased());
    await interaction.reply('ok');
    assert.equal(fromBot(discord, at.chat)[0]?.text, 'ok');
    await assert.rejects(async () => await command(discord, 'jam', { text: 'band' }), RangeError);
    await assert.rejects(async () => await command(discord, 'jam', { text: 'band create' }), /needs name/u);
    await assert.rejects(
      async () => await command(discord, 'split', { options: { quality: 'worst' } }),
      /one of Best/u,
    );
    await assert.rejects(async () => await command(discord, 'dance'), /no command/u);
  });
});

test('suggestions, menu entries and buttons come as such', LIMIT, async () => {
  await withClient({}, async (discord, client) => {
    const asked = next<AutocompleteInteraction>(client, Events.InteractionCreate);
    const { choices } = await discord.suggest({
      by: ADA.id,
      at: HERE,
      verb: 'split',
      text: '',
      options: {},
      option: 'want',
      typed: 'vo',
    });
    const typing = await asked;
    assert.deepEqual(typing.options.getFocused(true), {
      name: 'want',
      type: ApplicationCommandOptionType.String,
      value: 'vo',
      focused: true,
    });
    await typing.respond([{ name: 'Vocals', value: 'vocals' }]);
    assert.deepEqual(await choices, [{ name: 'Vocals', value: 'vocals' }]);

    const said = await say(discord, 'listen to this', { by: BEN.id, files: [song()] });
    const chosen = next<MessageContextMenuCommandInteraction>(client, Events.InteractionCreate);
    await discord.act({ kind: 'shortcut', by: ADA.id, at: HERE, name: 'Stems trennen', messageId: said.id });
    const menu = await chosen;
    assert.equal(menu.commandName, 'Split stems');
    assert.equal(menu.targetMessage.content, 'listen to this');
    assert.equal(menu.targetMessage.attachments.first()?.name, 'take.flac');
    const button = new ButtonBuilder().setLabel('All').setCustomId('all').setStyle(ButtonStyle.Primary);
    await menu.reply({
      content: 'Which?',
      components: [new ActionRowBuilder<ButtonBuilder>().addComponents(button)],
    });

    const [message] = fromBot(discord);
    const pressed = next<ButtonInteraction>(client, Events.InteractionCreate);
    const { acknowledgedMs } = await discord.act({
      kind: 'press',
      by: BEN.id,
      at: HERE,
      messageId: message?.id ?? '',
      label: 'All',
    });
    const press = await pressed;
    assert.deepEqual([press.customId, press.user.id, press.message.id], ['all', BEN.id, message?.id]);
    await press.update({ content: 'All of them', components: [] });
    assert.notEqual(await acknowledgedMs, null);
    assert.deepEqual(
      fromBot(discord).map(({ text, buttons }) => [text, buttons.length]),
      [['All of them', 0]],
    );
  });
});

test('who is not answered in three seconds is told so, and the answer is unknown then', LIMIT, async () => {
  await withClient({ acknowledgeMs: 50 }, async (discord, client) => {
    const coming = next<ChatInputCommandInteraction>(client, Events.InteractionCreate);
    const { acknowledgedMs } = await command(discord, 'split');
    const interaction = await coming;
    assert.equal(await acknowledgedMs, null);
    await assert.rejects(
      interaction.reply('late'),
      (error) => error instanceof DiscordAPIError && error.code === 10_062,
    );
    assert.deepEqual(fromBot(discord), []);
    const notices = discord.conversation.events.flatMap((event) =>
      event.kind === 'notice' ? [[event.onlyFor, event.text]] : [],
    );
    assert.deepEqual(notices, [[ADA.id, 'The application did not respond']]);
  });
});

test(
  'messages come with their words in private and where the bot is mentioned, and without them elsewhere',
  LIMIT,
  async () => {
    await withClient({}, async (discord, client) => {
      const heard: Message[] = [];
      client.on(Events.MessageCreate, (message) => heard.push(message));
      const post = { chat: SONGS.id, thread: NEW_SONG.id };
      const acts = [
        await say(discord, 'hello', { at: { chat: discord.directChat(ADA.id), thread: null }, files: [song()] }),
        await say(discord, '@Woodshed split', { at: post, files: [song('a.mp3')] }),
        await say(discord, 'not for the bot', { files: [song('b.mp3')] }),
      ];
      for (const { acknowledgedMs } of acts) assert.notEqual(await acknowledgedMs, null);
      // Frames come in order: what is said last is heard last.
      while (heard.length < 3) await next(client, Events.MessageCreate);
      assert.deepEqual(
        heard.map(({ content, attachments }) => [content, [...attachments.values()].map(({ name }) => name)]),
        [
          ['hello', ['take.flac']],
          [`<@${discord.botId}> split`, ['a.mp3']],
          ['', []],
        ],
      );
      assert.ok(heard[1]?.channel.isThread());
      assert.equal(heard[1]?.channel.parentId, SONGS.id);
    });
  },
);

test('a message is posted once for one nonce, edited with other files, and taken away', LIMIT, async () => {
  await withClient({}, async (discord, client) => {
    const channel = await textChannel(client, OVERDUBS.id);
    const first = await channel.send({ content: 'one', nonce: 'same', enforceNonce: true });
    const again = await channel.send({ content: 'two', nonce: 'same', enforceNonce: true });
    assert.equal(again.id, first.id);
    await first.edit({ content: 'three', files: [new AttachmentBuilder(Buffer.alloc(10), { name: 'a.mp3' })] });
    await first.edit({ files: [new AttachmentBuilder(Buffer.alloc(11), { name: 'b.mp3' })], attachments: [] });
    const [seen] = fromBot(discord);
    assert.deepEqual(
      [seen?.thread, seen?.text, seen?.files.map(({ name }) => name)],
      [OVERDUBS.id, 'three', ['b.mp3']],
    );
    await first.delete();
    assert.deepEqual(fromBot(discord), []);
  });
});

test('a connection that breaks is resumed, and what happened meanwhile comes after it', LIMIT, async () => {
  for (const breakIt of ['resetGateway', 'askToReconnect', 'resumableOp9', 'close4000'] as const) {
    await withClient({}, async (discord, client) => {
      const resumed = next(client, Events.ShardResume);
      const heard = next<Message>(client, Events.MessageCreate);
      if (breakIt === 'resetGateway') discord.resetGateway();
      if (breakIt === 'askToReconnect') discord.askToReconnect();
      if (breakIt === 'resumableOp9') discord.invalidateSessions(true);
      if (breakIt === 'close4000') discord.closeGateway(4000);
      const { acknowledgedMs } = await say(discord, '@Woodshed are you there');
      await resumed;
      assert.equal((await heard).content, `<@${discord.botId}> are you there`, breakIt);
      assert.notEqual(await acknowledgedMs, null);
      assert.equal(discord.gatewayCounts.identifies, 1, breakIt);
      assert.equal(discord.gatewayCounts.resumes, 1, breakIt);
    });
  }
});

test('a session that is over is begun anew', LIMIT, async () => {
  await withClient({}, async (discord, client) => {
    const ready = next(client, Events.ShardReady);
    discord.invalidateSessions(false);
    await ready;
    assert.equal(discord.gatewayCounts.identifies, 2);
    const heard = next<Message>(client, Events.MessageCreate);
    await say(discord, '@Woodshed hello again');
    assert.match((await heard).content, /hello again/u);
  });
});

test('heartbeats without an answer make the client come again', LIMIT, async () => {
  await withDiscord({ heartbeatMs: 100 }, async (discord) => {
    const client = await login(discord);
    try {
      discord.withholdAcks(true);
      const resumed = next(client, Events.ShardResume);
      await next(client, Events.ShardReconnecting);
      discord.withholdAcks(false);
      await resumed;
      assert.ok(discord.gatewayCounts.heartbeats > 0);
    } finally {
      await client.destroy();
    }
  });
});

test('a token that is none ends the connection for good, and the API says 401', LIMIT, async () => {
  await withClient({}, async (discord, client) => {
    const gone = next(client, Events.ShardDisconnect);
    discord.revokeToken();
    await gone;
    await assert.rejects(
      client.rest.get(`/channels/${REHEARSAL.id}`),
      (error) => error instanceof DiscordAPIError && error.status === 401,
    );
    assert.equal(discord.invalidRequests(), 1);
  });
});

test('channels and servers that go are gone for the client', LIMIT, async () => {
  await withClient({}, async (discord, client) => {
    const deleted = next<TextChannel>(client, Events.ChannelDelete);
    discord.deleteChannel(REHEARSAL.id);
    assert.equal((await deleted).id, REHEARSAL.id);
    const left = next<{ id: string }>(client, Events.GuildDelete);
    discord.removeBot(GUILD.id);
    assert.equal((await left).id, GUILD.id);
    const created = next<{ id: string }>(client, Events.GuildCreate);
    discord.addBot(GUILD.id);
    assert.equal((await created).id, GUILD.id);
  });
});

test('threads that people open come, and can be written in', LIMIT, async () => {
  await withClient({}, async (discord, client) => {
    const opened = next<{ id: string; parentId: string }>(client, Events.ThreadCreate);
    const place = await discord.openThread(BEN.id, SONGS.id, 'Ballad', { text: 'my new one', files: [song()] });
    const thread = await opened;
    assert.deepEqual([thread.id, thread.parentId], [place.thread, SONGS.id]);
    await (await textChannel(client, thread.id)).send('nice');
    assert.deepEqual(
      discord.conversation.messages(SONGS.id).map(({ by, thread: at, text }) => [by, at, text]),
      [
        [BEN.id, place.thread, 'my new one'],
        ['bot', place.thread, 'nice'],
      ],
    );
  });
});

test('faults strike posts and edits, and nothing else', LIMIT, async () => {
  await withClient({ hangMs: 50 }, async (discord, client) => {
    const channel = await textChannel(client);
    const post = 'POST /channels/{channel_id}/messages';
    for (const fault of [
      'rate-limited',
      'refused-5xx',
      'reset-before',
      'done-then-5xx',
      'done-then-hang',
      'done-then-reset',
    ] as const) {
      const before = fromBot(discord).length;
      const faults = plannedFaults([{ method: post, fault }]);
      discord.setFaults(faults);
      await channel.fetch(true);
      assert.deepEqual([...faults.counts], []);
      await assert.rejects(channel.send(`with ${fault}`), fault);
      assert.equal(fromBot(discord).length, before + (fault.startsWith('done') ? 1 : 0), fault);
      assert.deepEqual([...faults.counts], [[fault, 1]]);
    }
    const coming = next<Interaction>(client, Events.InteractionCreate);
    const everything = plannedFaults([
      { method: 'POST /interactions/{interaction_id}/{interaction_token}/callback', fault: 'refused-5xx' },
    ]);
    discord.setFaults({ ...everything, next: ({ isSend }) => (isSend ? 'refused-5xx' : null) });
    await command(discord, 'split');
    await ((await coming) as ChatInputCommandInteraction).reply('still here');
    assert.equal(fromBot(discord).at(-1)?.text, 'still here');
  });
});

test('over its limits a client is told by headers before it is by a 429', LIMIT, async () => {
  await withClient({ rateLimits: 'on' }, async (discord, client) => {
    const channel = await textChannel(client);
    for (let sent = 0; sent < 5; sent += 1) await channel.send(String(sent));
    await assert.rejects(channel.send('too much'), { name: /RateLimitError/u });
    assert.equal(discord.requests.filter(({ status }) => status === 429).length, 0);
    discord.advance(5000);
  });
});
