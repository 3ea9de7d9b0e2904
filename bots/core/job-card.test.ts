import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LANGUAGES } from '../../workflows/contract/job-view.ts';
import type { JobOutcome } from '../../workflows/contract/job.ts';
import { formatDuration } from './duration.ts';
import { jobCard } from './job-card.ts';
import type { CardPlace } from './job-card.ts';
import { EXAMPLE_SPLIT, exampleJob, exampleResult } from './example-job.test-kit.ts';

const IDLE = { queuePlace: 0, secondsLeft: null };

test('shows a waiting job with its place in the line and no bar', () => {
  const card = jobCard(exampleJob({ state: 'queued', stage: null }), { queuePlace: 2, secondsLeft: null });
  assert.equal(card.fraction, null);
  assert.equal(card.estimate, '2 jobs before this one');
  assert.deepEqual(new Set(card.stages.map((stage) => stage.mark)), new Set(['waiting']));
});

test('says whose songs go first where it waits for them, in every language', () => {
  const job = exampleJob({ state: 'queued', stage: null, awaitsTurn: true });
  const estimates = LANGUAGES.map(
    (language) => jobCard(job, { queuePlace: 2, secondsLeft: 20 }, { language }).estimate,
  );
  assert.equal(estimates[0], 'earlier songs of Ana go first');
  assert.ok(
    estimates.every((estimate) => estimate?.includes('Ana')),
    estimates.join(', '),
  );
  assert.equal(new Set(estimates).size, LANGUAGES.length);
  assert.deepEqual(
    jobCard(job, IDLE).actions.map(({ label }) => label),
    ['Cancel'],
  );
});

test('marks the stages that are done, running and to come', () => {
  const card = jobCard(exampleJob({ stage: 'separate', fraction: 0.5 }), { queuePlace: 0, secondsLeft: 21.2 });
  assert.deepEqual(
    card.stages.map((stage) => stage.mark),
    ['done', 'done', 'running', 'waiting', 'waiting', 'waiting'],
  );
  assert.ok(card.fraction !== null && card.fraction > 0.4 && card.fraction < 0.6);
  assert.equal(card.estimate, 'about 21 s left');
});

test('the bar only ever grows over the stages', () => {
  let last = -1;
  for (const stage of ['receive', 'read', 'separate', 'measure', 'encode', 'deliver'] as const) {
    for (const fraction of [0, 0.5, 1]) {
      const now = jobCard(exampleJob({ stage, fraction }), IDLE).fraction ?? -1;
      assert.ok(now >= last, `${stage} ${String(fraction)}`);
      last = now;
    }
  }
  assert.ok(last <= 1);
});

test('shows each stem with its loudness, peak and gain', () => {
  const outcome: JobOutcome = { state: 'done', result: exampleResult(), reused: false };
  const card = jobCard(exampleJob({ stage: 'deliver', fraction: 1 }), IDLE, { outcome });
  assert.equal(card.state, 'done');
  assert.equal(card.fraction, 1);
  assert.match(card.body[0] ?? '', /^vocals +-18\.2 LUFS +peak -3\.1 dBTP +\+2\.1 dB to target$/u);
  assert.match(card.body[1] ?? '', /^residual +silent$/u);
});

test('says that a result was there already', () => {
  const card = jobCard(exampleJob({}), IDLE, { outcome: { state: 'done', result: exampleResult(), reused: true } });
  assert.match(card.body.at(-1) ?? '', /before/u);
});

test('a refusal is its one sentence, at the stage where it happened', () => {
  const card = jobCard(exampleJob({ stage: 'read' }), IDLE, {
    outcome: { state: 'refused', failure: { code: 'not-audio', facts: {} } },
  });
  assert.equal(card.body.length, 1);
  assert.equal(card.stages[1]?.mark, 'failed');
});

test('words for durations', () => {
  assert.equal(formatDuration(0.2), '1 s');
  assert.equal(formatDuration(59.4), '59 s');
  assert.equal(formatDuration(185), '3 min 05 s');
  assert.equal(formatDuration(7500), '2 h 05 min');
});

const LINK = {
  fileName: 'vocals.wav',
  url: 'https://example.org/d/x',
  bytes: 12_345_678,
  expiresAt: '2026-03-01T10:00:00Z',
};

test('speaks the language of its place, log lines of workers too', () => {
  const job = exampleJob({
    stage: 'separate',
    fraction: 0.5,
    log: ['Looking at the file', 'Fetching the model x (79 MB)'],
  });
  const card = jobCard(job, { queuePlace: 0, secondsLeft: 20 }, { language: 'de' });
  assert.deepEqual(card.log, [
    'Die Datei wird angesehen',
    'Wird getrennt: vocals',
    'Das Modell x (79 MB) wird geholt; das geschieht einmal',
  ]);
  assert.equal(card.stages[2]?.label, 'Trennen');
  assert.equal(card.estimate, 'noch etwa 20 s');
  assert.equal(card.language, 'de');
  assert.deepEqual(jobCard(exampleJob({ stage: 'read', log: ['hm'] }), IDLE, { language: 'es' }).log, ['hm']);
});

test('says what was sent in a smaller encoding, what is behind links, and what fits nowhere', () => {
  const place = {
    outcome: { state: 'done', result: exampleResult(), reused: false },
    parcel: { encoding: { format: 'mp3', kbps: 192 }, files: [], links: [LINK], left: ['other.wav'] },
    postedLinks: [{ fileName: 'drums.mp3', url: 'https://example.org/f' }],
  } as const;
  const card = jobCard(exampleJob({}), IDLE, place);
  const text = card.body.join('\n');
  assert.match(text, /Sent as mp3 192 kbit\/s, since wav is too large/u);
  assert.match(text, /behind links until March 1, 2026/u);
  assert.match(text, /other\.wav/u);
  assert.deepEqual(card.links, [
    { label: 'drums.mp3', url: 'https://example.org/f' },
    { label: 'vocals.wav (12.3 MB)', url: 'https://example.org/d/x' },
  ]);
  const asWanted = {
    ...place,
    parcel: { ...place.parcel, encoding: { format: 'wav', kbps: null }, links: [], left: [] },
  } as const;
  assert.doesNotMatch(jobCard(exampleJob({}), IDLE, asWanted).body.join('\n'), /Sent as|links|too large/u);
});

test('a pick shows its one sound', () => {
  const result = exampleResult();
  const mixed = { ...(result.finished.stems[0] ?? assert.fail('the example has a stem')), name: 'vocals+drums' };
  const { request } = exampleJob({});
  const pick = { kind: 'want', stems: ['vocals', 'drums'] } as const;
  const job = exampleJob({ request: { ...request, command: { ...EXAMPLE_SPLIT, pick } } });
  const card = jobCard(job, IDLE, { outcome: { state: 'done', result: { ...result, pick, mixed }, reused: false } });
  assert.equal(card.subtitle, 'vocals · only vocals + drums · fast · wav');
  assert.equal(card.body.filter((line) => /LUFS|silent/u.test(line)).length, 1);
  assert.match(card.body[0] ?? '', /^vocals\+drums /u);
});

test('can be cancelled while it runs, and done again where that may help', () => {
  function ids(...args: Parameters<typeof jobCard>): string[] {
    return jobCard(...args).actions.map(({ id }) => id);
  }
  assert.deepEqual(ids(exampleJob({ stage: 'read' }), IDLE), ['v1:K7QF2M:cancel']);
  const failed = { outcome: { state: 'failed', failure: { code: 'internal', facts: {} } } } as const;
  assert.deepEqual(ids(exampleJob({}), IDLE, failed), ['v1:K7QF2M:retry']);
  const refused = { outcome: { state: 'refused', failure: { code: 'not-audio', facts: {} } } } as const;
  assert.deepEqual(ids(exampleJob({}), IDLE, refused), []);
  const done = { outcome: { state: 'done', result: exampleResult(), reused: false } } as const;
  assert.ok(!ids(exampleJob({}), IDLE, done).some((id) => /:(?:cancel|retry)$/u.test(id)));
});

test('offers the stems as an album where the chat takes albums and the stems as files', () => {
  const result = exampleResult();
  const [vocals] = result.finished.stems;
  assert.ok(vocals !== undefined);
  const stems = [vocals, { ...vocals, name: 'drums' }];
  const outcome: JobOutcome = {
    state: 'done',
    result: { ...result, finished: { ...result.finished, stems } },
    reused: false,
  };
  const parcel = { encoding: { format: 'flac', kbps: null }, files: [], links: [], left: [] } as const;
  const actionsOf = (place: CardPlace): readonly string[] =>
    jobCard(exampleJob({}), IDLE, place).actions.map(({ id }) => id.replace('v1:K7QF2M:', ''));
  const onward = ['analyze', 'chords', 'lyrics', 'tab'];
  assert.deepEqual(actionsOf({ outcome, parcel, takesAlbums: true }), ['album', ...onward]);
  assert.deepEqual(actionsOf({ outcome, parcel }), onward);
  assert.deepEqual(actionsOf({ outcome, parcel: { ...parcel, encoding: null }, takesAlbums: true }), onward);
  const alone: JobOutcome = { state: 'done', result, reused: false };
  assert.deepEqual(actionsOf({ outcome: alone, parcel, takesAlbums: true }), onward);
});

test('says whose account is waited for, with the button beside the one that cancels, while it computes and after', () => {
  const link = { id: 'v1:K7QF2M:link', label: 'Link account', style: 'primary' };
  const context = { queuePlace: 0, secondsLeft: 21 };
  const texts = (['work', 'result', 'late'] as const).map((stage) => {
    const job = exampleJob({
      code: 'K7QF2M',
      stage: stage === 'work' ? 'separate' : 'encode',
      log: ['Looking at the file'],
      awaitsLink: { stage, endsAt: stage === 'late' ? new Date('2027-01-20T12:00:00Z') : null },
    });
    const card = jobCard(job, context);
    assert.deepEqual(card.actions[0], link);
    assert.deepEqual(
      card.actions.map(({ id }) => id),
      [link.id, 'v1:K7QF2M:cancel'],
    );
    assert.equal(card.estimate === null, stage !== 'work', 'nothing is left to do but to wait');
    assert.equal(card.log.length === 0, stage !== 'work');
    assert.ok(card.body[0]?.includes(job.request.requester.displayName));
    return card.body.join(' ');
  });
  assert.match(texts[0] ?? '', /to get the result: press/u);
  assert.match(texts[1] ?? '', /is ready/u);
  assert.match(texts[2] ?? '', /kept until January 20, 2027/u);
});

test('waits for nobody’s account once it is over', () => {
  const job = exampleJob({ awaitsLink: { stage: 'late', endsAt: null } });
  const card = jobCard(job, IDLE, { outcome: { state: 'cancelled' } });
  assert.deepEqual(
    card.actions.map(({ id }) => id.split(':')[2]),
    ['retry'],
  );
  assert.ok(!card.body.join().includes('link'));
});
