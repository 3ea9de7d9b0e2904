/** Commands, shortcuts, presses and modals, with the real Bolt app. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Acted } from '../core/emulator.ts';
import { ADA, BEN, REHEARSAL } from './options.ts';
import { PATIENCE_MS, fromBot, good, say, songFile, typeCommand, withApp, withSlack } from './slack.test-kit.ts';

const AT = { chat: REHEARSAL.id, thread: null };
const here = { channel: REHEARSAL.id };

describe('what people ask of a Bolt app', () => {
  it('gets a slash command with its text, and answers it three ways', async () => {
    await withApp(
      (app) => {
        app.command('/jam', async ({ ack, command, respond, say: sayThere }) => {
          await ack(`got: ${command.text}`);
          await respond({ text: 'by the response URL' });
          await sayThere('as the bot');
        });
      },
      async (slack) => {
        const { acknowledgedMs } = await typeCommand(slack, 'split https://x.test/?a=1&b=2');
        assert.ok(((await acknowledgedMs) ?? -1) >= 0);
        await slack.conversation.until(({ text }) => text === 'as the bot', PATIENCE_MS);
        assert.deepEqual(
          fromBot(slack).map(({ text, onlyFor }) => [text, onlyFor]),
          [
            ['got: split https://x.test/?a=1&b=2', ADA.id],
            ['by the response URL', ADA.id],
            ['as the bot', null],
          ],
        );
      },
    );
  });

  it('gets a verb that is no command of its own as the first word of its first one', async () => {
    await withApp(
      (app) => {
        app.command('/jam', async ({ ack, command }) => {
          await ack(command.text);
        });
      },
      async (slack) => {
        await typeCommand(slack, 'want:vocals', 'split');
        await slack.conversation.until(({ text }) => text === 'split want:vocals', PATIENCE_MS);
      },
    );
  });

  it('leaves a command unanswered for longer than Slack waits: the person reads operation_timeout', async () => {
    await withApp(
      (app) => {
        app.command('/jam', async () => {
          await Promise.resolve();
        });
      },
      async (slack) => {
        const { acknowledgedMs } = await typeCommand(slack, 'help');
        assert.equal(await acknowledgedMs, null);
        const notice = slack.conversation.events.find(({ kind }) => kind === 'notice');
        assert.match(JSON.stringify(notice), /\/jam failed with the error \\"operation_timeout\\"/u);
      },
      { acknowledgeMs: 50 },
    );
  });

  it('is not asked where Slack has no commands: in threads, with a file', async () => {
    await withSlack({}, async (slack) => {
      const first = await say(slack, 'hello');
      const command = { kind: 'command', by: ADA.id, at: AT, verb: 'jam', options: {}, text: '', file: null } as const;
      await assert.rejects(slack.act({ ...command, at: { ...AT, thread: first.id } }), RangeError);
      await assert.rejects(slack.act({ ...command, file: songFile() }), RangeError);
      const gone = await slack.act(command);
      assert.equal(await gone.acknowledgedMs, null, 'nobody is connected');
    });
  });

  it('gets a message shortcut in a thread, opens a modal by its trigger once, and takes it in', async () => {
    const errors: string[] = [];
    await withApp(
      (app) => {
        app.shortcut('split_stems', async ({ ack, shortcut, client }) => {
          await ack();
          const view = {
            type: 'modal' as const,
            callback_id: 'which',
            title: { type: 'plain_text' as const, text: 'Split' },
            submit: { type: 'plain_text' as const, text: 'Go' },
            blocks: [
              {
                type: 'input' as const,
                block_id: 'b',
                label: { type: 'plain_text' as const, text: 'Stems' },
                element: { type: 'plain_text_input' as const, action_id: 'a' },
              },
            ],
          };
          await client.views.open({ trigger_id: shortcut.trigger_id, view });
          await client.views.open({ trigger_id: shortcut.trigger_id, view }).catch((error: unknown) => {
            errors.push(String(error));
          });
          await client.chat.postMessage({ channel: REHEARSAL.id, text: JSON.stringify(shortcut) });
        });
        app.view('which', async ({ ack, view }) => {
          const value = view.state.values['b']?.['a']?.value;
          await (value === 'vocals' ? ack() : ack({ response_action: 'errors', errors: { b: 'vocals, please' } }));
        });
      },
      async (slack) => {
        const first = await say(slack, 'hello');
        const reply = await say(slack, 'in the thread', { at: { ...AT, thread: first.id } });
        const at = { ...AT, thread: first.id };
        await slack.act({ kind: 'shortcut', by: BEN.id, at, name: 'Split stems', messageId: reply.id });
        const { text } = await slack.conversation.until(
          ({ text: told }) => told.includes('message_action'),
          PATIENCE_MS,
        );
        const shortcut = JSON.parse(text) as Record<string, Record<string, unknown>>;
        assert.equal(shortcut['message']?.['ts'], reply.id);
        assert.equal(shortcut['message']['thread_ts'], first.id);
        assert.match(errors.join(), /exchanged_trigger_id/u);
        const [modal] = slack.conversation.messages(`modal:${BEN.id}`);
        assert.equal(modal?.text, 'Split\nStems');
        const submit = async (value: string): Promise<void> => {
          const { acknowledgedMs } = await slack.submitView(BEN.id, modal.id, {
            b: { a: { type: 'plain_text_input', value } },
          });
          assert.notEqual(await acknowledgedMs, null);
        };
        await submit('drums');
        assert.match(JSON.stringify(slack.conversation.events.at(-1)), /vocals, please/u);
        await submit('vocals');
        assert.deepEqual(slack.conversation.messages(`modal:${BEN.id}`), []);
      },
      { app: { shortcuts: [{ name: 'Split stems', callbackId: 'split_stems' }] } },
    );
  });

  it('gets presses on a message, in a thread, on one that only one person sees, and in the App Home', async () => {
    const pressed: string[] = [];
    await withApp(
      (app) => {
        app.action('cancel', async ({ ack, body, action, respond }) => {
          await ack();
          const container = (body as unknown as { container: Record<string, unknown> }).container;
          pressed.push(`${String(container['type'])} ${(action as { value?: string }).value ?? ''}`);
          if (container['type'] === 'message') await respond({ replace_original: true, text: 'cancelled' });
        });
        app.event('app_home_opened', async ({ event, client }) => {
          await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [row('home')] } });
        });
      },
      async (slack) => {
        const { ts } = await good(slack, 'chat.postMessage', { ...here, text: 'card', blocks: [row('v1:x')] });
        const press = (messageId: string, by = ADA.id, chat: string = REHEARSAL.id): Promise<Acted> =>
          slack.act({ kind: 'press', by, at: { chat, thread: null }, messageId, label: 'Cancel' });
        await (
          await press(String(ts))
        ).acknowledgedMs;
        await slack.conversation.until(({ id, text }) => id === ts && text === 'cancelled', PATIENCE_MS);
        const only = await good(slack, 'chat.postEphemeral', { ...here, user: BEN.id, text: 'x', blocks: [row('v2')] });
        await assert.rejects(press(String(only['message_ts'])), RangeError);
        await (
          await press(String(only['message_ts']), BEN.id)
        ).acknowledgedMs;
        await slack.openHome(ADA.id);
        const home = await slack.conversation.until(({ chat }) => chat === `home:${ADA.id}`, PATIENCE_MS);
        assert.equal(home.onlyFor, ADA.id);
        await (
          await press(home.id, ADA.id, home.chat)
        ).acknowledgedMs;
        assert.deepEqual(pressed, ['message v1:x', 'message v2', 'view home']);
      },
    );
  });

  it('is too late for a view once its trigger has run out', async () => {
    await withApp(
      (app) => {
        app.command('/jam', async ({ ack, command, client }) => {
          await ack();
          const view = { type: 'modal' as const, title: { type: 'plain_text' as const, text: 'x' }, blocks: [] };
          const opened = client.views.open({ trigger_id: command.trigger_id, view });
          const text = await opened.then(() => 'opened', String);
          await client.chat.postMessage({ channel: command.channel_id, text });
        });
      },
      async (slack) => {
        await typeCommand(slack, 'settings');
        const { text } = await slack.conversation.until(({ by }) => by === 'bot', PATIENCE_MS);
        assert.match(text, /expired_trigger_id/u);
      },
      { triggerLifeMs: 0 },
    );
  });
});

function row(value: string): {
  type: 'actions';
  elements: { type: 'button'; action_id: string; value: string; text: { type: 'plain_text'; text: string } }[];
} {
  const text = { type: 'plain_text' as const, text: 'Cancel' };
  return { type: 'actions', elements: [{ type: 'button', action_id: 'cancel', value, text }] };
}
