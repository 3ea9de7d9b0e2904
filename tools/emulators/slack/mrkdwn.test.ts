import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClock } from '../core/emulated-clock.ts';
import { seededRandom } from '../core/seeded-random.ts';
import { createIds } from './ids.ts';
import { readMrkdwn, writeTyped } from './mrkdwn.ts';
import { ADA, BAND, REHEARSAL } from './options.ts';
import { createWorld } from './world.ts';

const world = createWorld([BAND], 'Woodshed', createIds(createClock(), seededRandom(1)), 0);
const { workspace, channel } = world.channel(REHEARSAL.id);

const SEEN: readonly (readonly [what: string, source: string, seen: string])[] = [
  ['bold, italic and struck', '*b* _i_ ~s~ *_both_*', 'b i s both'],
  ['stars and underscores inside words stay', '2*3*4 snake_case_name a_b', '2*3*4 snake_case_name a_b'],
  ['a lone mark stays', '* one, 5 * 6', '* one, 5 * 6'],
  ['code keeps its marks', '`*a*` ```\n_b_\n```', '*a* _b_'],
  ['entities are decoded once', '&lt;b&gt; &amp;lt;', '<b> &lt;'],
  [
    'a link shows its label',
    '<https://x.test/a_b_c|the song> <https://x.test/?a=1&amp;b=2>',
    'the song https://x.test/?a=1&b=2',
  ],
  ['people, channels and everybody by name', `<@${ADA.id}> <#${REHEARSAL.id}> <!here>`, '@Ada #rehearsal @here'],
  ['a date shows its fallback', '<!date^1700000000^{date}|14 Nov>', '14 Nov'],
  ['a quotation loses its mark', '&gt; said\nthen', 'said\nthen'],
];

const TYPED: readonly (readonly [what: string, typed: string, sent: string])[] = [
  ['three characters are escaped', 'a & b < c > d', 'a &amp; b &lt; c &gt; d'],
  ['an address becomes a link', 'see https://x.test/?a=1&b=2', 'see <https://x.test/?a=1&amp;b=2>'],
  ['a name becomes a mention', '@ada @Nobody a@ada', `<@${ADA.id}> @Nobody a@ada`],
  ['the app’s too', 'hey @Woodshed', `hey <@${workspace.botUserId}>`],
  ['and everybody', '@channel!', '<!channel>!'],
  ['and a channel', '#rehearsal #other', `<#${REHEARSAL.id}|rehearsal> #other`],
];

describe('what a person sees of mark-up', () => {
  for (const [what, source, seen] of SEEN) {
    it(what, () => {
      assert.equal(readMrkdwn(source, workspace, channel).text, seen);
    });
  }

  it('without mrkdwn marks stay, links and mentions do not', () => {
    assert.equal(readMrkdwn('*b* <https://x.test|x>', workspace, channel, false).text, '*b* x');
  });

  it('only people of the channel are called', () => {
    const source = `<@${ADA.id}> <@U0NOBODY> <@${workspace.botUserId}>`;
    assert.deepEqual(readMrkdwn(source, workspace, channel).pings, [ADA.id]);
  });
});

describe('what a client sends for what is typed', () => {
  for (const [what, typed, sent] of TYPED) {
    it(what, () => {
      assert.equal(writeTyped(typed, workspace), sent);
    });
  }
});
