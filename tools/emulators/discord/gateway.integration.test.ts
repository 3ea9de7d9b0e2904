/** What the gateway does, over a bare WebSocket. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIMIT, connect, good, identify, nextEvent, openGateway, say, withDiscord } from './discord.test-kit.ts';
import { GUILD } from './options.ts';

test('HELLO, IDENTIFY, READY, then every server; events are numbered', LIMIT, async () => {
  await withDiscord({}, async (discord) => {
    const gateway = await connect(discord);
    assert.equal(gateway.frames[0]?.op, 10);
    await gateway.until(({ t }) => t === 'GUILD_CREATE');
    await say(discord, 'hello');
    await gateway.until(({ t }) => t === 'MESSAGE_CREATE');
    assert.deepEqual(
      gateway.frames.slice(1).map(({ t, s }) => [t, s]),
      [
        ['READY', 1],
        ['GUILD_CREATE', 2],
        ['MESSAGE_CREATE', 3],
      ],
    );
    assert.match(String(gateway.frames[1]?.d['resume_gateway_url']), /^ws:\/\/127\.0\.0\.1:/u);
    assert.equal(gateway.frames[2]?.d['id'], GUILD.id);
    gateway.send({ op: 1, d: 3 });
    await gateway.until(({ op }) => op === 11);
  });
});

test('what is wrong is closed with its code', LIMIT, async () => {
  await withDiscord({}, async (discord) => {
    const token = discord.token;
    const wrong: readonly (readonly [code: number, frame: object])[] = [
      [4001, { op: 42, d: null }],
      [4003, { op: 3, d: {} }],
      [4004, { op: 2, d: { token: 'none', intents: 1 } }],
      [4004, { op: 6, d: { token: 'none', session_id: 'x', seq: 1 } }],
      [4013, { op: 2, d: { token, intents: 2 ** 30 } }],
      [4014, { op: 2, d: { token, intents: 1 << 15 } }],
    ];
    for (const [code, frame] of wrong) {
      const gateway = await openGateway(discord);
      gateway.send(frame);
      assert.equal(await gateway.closed, code, JSON.stringify(frame));
    }
    const old = await openGateway(discord, '?v=6&encoding=json');
    assert.equal(await old.closed, 4012);
    const twice = await connect(discord);
    twice.send(identify(discord));
    assert.equal(await twice.closed, 4005);
    const ahead = await connect(discord);
    ahead.send({ op: 1, d: 99 });
    assert.equal(await ahead.closed, 4007);
    const loud = await openGateway(discord);
    for (let sent = 0; sent <= 120; sent += 1) loud.send({ op: 1, d: null });
    assert.equal(await loud.closed, 4008);
  });
});

test('a resume brings what came meanwhile, in order and once, and settles who waits for it', LIMIT, async () => {
  await withDiscord({}, async (discord) => {
    const first = await connect(discord);
    await first.until(({ t }) => t === 'GUILD_CREATE');
    discord.resetGateway();
    await first.closed;
    const acts = [await say(discord, '@Woodshed one'), await say(discord, '@Woodshed two')];
    const second = await openGateway(discord);
    second.send({ op: 6, d: { token: discord.token, session_id: first.sessionId, seq: 2 } });
    await second.until(({ t }) => t === 'RESUMED');
    assert.deepEqual(
      second.frames.slice(1).map(({ t, s }) => [t, s]),
      [
        ['MESSAGE_CREATE', 3],
        ['MESSAGE_CREATE', 4],
        ['RESUMED', 5],
      ],
    );
    for (const { acknowledgedMs } of acts) assert.notEqual(await acknowledgedMs, null);
    second.drop();
    const third = await openGateway(discord);
    third.send({ op: 6, d: { token: discord.token, session_id: first.sessionId, seq: 6 } });
    assert.equal(await third.closed, 4007);
  });
});

test('a session that is called invalid hears nothing until it resumes, and then all of it', LIMIT, async () => {
  await withDiscord({}, async (discord) => {
    const gateway = await connect(discord);
    await gateway.until(({ t }) => t === 'GUILD_CREATE');
    discord.invalidateSessions(true);
    assert.equal((await gateway.until(({ op }) => op === 9)).d, true);
    const { acknowledgedMs } = await say(discord, '@Woodshed meanwhile');
    gateway.send({ op: 1, d: null });
    await gateway.until(({ op }) => op === 11);
    assert.deepEqual(
      gateway.frames.filter(({ t }) => t === 'MESSAGE_CREATE'),
      [],
    );
    gateway.send({ op: 6, d: { token: discord.token, session_id: gateway.sessionId, seq: 2 } });
    await gateway.until(({ t }) => t === 'RESUMED');
    assert.deepEqual(
      gateway.frames.flatMap(({ t, s }) => (t === 'MESSAGE_CREATE' ? [s] : [])),
      [3],
    );
    assert.notEqual(await acknowledgedMs, null);
    discord.invalidateSessions(false);
    await gateway.until(({ op, d }) => op === 9 && (d as unknown) === false);
    gateway.send(identify(discord));
    await gateway.until(({ t, s, d }) => t === 'READY' && s === 1 && d['session_id'] !== gateway.sessionId);
  });
});

test('a session that is over is not resumed, and who waits for it waits no longer', LIMIT, async () => {
  await withDiscord({ resumableMs: 1000 }, async (discord) => {
    const first = await connect(discord);
    discord.resetGateway();
    await first.closed;
    const { acknowledgedMs } = await say(discord, '@Woodshed lost');
    discord.advance(2000);
    assert.equal(await acknowledgedMs, null);
    const second = await openGateway(discord);
    second.send({ op: 6, d: { token: discord.token, session_id: first.sessionId, seq: 1 } });
    assert.equal((await second.until(({ op }) => op === 9)).d, false);
  });
});

test('who is not connected hears nothing, and who did not ask for it neither', LIMIT, async () => {
  await withDiscord({}, async (discord) => {
    assert.equal(await (await say(discord, '@Woodshed hello')).acknowledgedMs, null);
    const gateway = await connect(discord, 0);
    assert.equal(await (await say(discord, '@Woodshed hello')).acknowledgedMs, null);
    assert.deepEqual(
      gateway.frames.map(({ t }) => t),
      [null, 'READY'],
    );
  });
});

test('with the privileged intent all words come; edits and deletions too', LIMIT, async () => {
  await withDiscord({ messageContent: true }, async (discord) => {
    const gateway = await connect(discord, (1 << 0) | (1 << 9) | (1 << 15));
    const said = await say(discord, 'to everybody');
    assert.equal((await nextEvent(gateway, 'MESSAGE_CREATE'))['content'], 'to everybody');
    const about = { by: '190000000000000001', at: { chat: '490000000000000001', thread: null }, messageId: said.id };
    await discord.act({ kind: 'edit', ...about, text: 'to all' });
    assert.equal((await nextEvent(gateway, 'MESSAGE_UPDATE'))['content'], 'to all');
    await discord.act({ kind: 'delete', ...about });
    assert.equal((await nextEvent(gateway, 'MESSAGE_DELETE'))['id'], said.id);
  });
});

test('starts of sessions are counted, and end', LIMIT, async () => {
  await withDiscord({ sessionStarts: 1 }, async (discord) => {
    await connect(discord);
    const { session_start_limit: limit } = await good(discord, 'GET /gateway/bot');
    assert.equal((limit as { remaining: number }).remaining, 0);
    const second = await openGateway(discord);
    second.send(identify(discord));
    assert.equal(await second.closed, 4004);
    assert.equal(discord.gatewayCounts.identifies, 1);
    discord.setGatewayDown(true);
    const third = await openGateway(discord);
    assert.equal(await third.closed, 1006);
  });
});
