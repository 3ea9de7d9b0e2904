import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { Client } from 'pg';
import type { LinkPolicy } from '../workflows/contract/linking.ts';
import type { ChatAddress, Requester } from '../workflows/contract/request.ts';
import { createBands } from './bands.repository.ts';
import { createJobs } from './jobs.repository.ts';
import { createLinkWaits } from './link-waits.repository.ts';
import { createLinking } from './linking.repository.ts';
import { openDatabase } from './orm.ts';
import type { Database } from './orm.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { testJob, testPlan } from './test-rows.ts';

let testDatabase: TestDatabase;
let database: Database;
let client: Client;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  client = new Client({ connectionString: testDatabase.url });
  await client.connect();
});
after(async () => {
  await client.end();
  await database.close();
  await testDatabase.close();
});

beforeEach(async () => {
  await client.query('update job set awaits_link = null');
});

function place(): ChatAddress {
  return { platform: 'discord', botId: 'bot', chatId: randomUUID(), threadId: null };
}

function person(platform: Requester['platform'] = 'discord'): Requester {
  return { platform, userId: randomUUID(), displayName: 'Ada' };
}

async function link(requester: Requester): Promise<void> {
  const linking = createLinking(database);
  const { token } = await linking.makeToken(requester);
  const { rows } = await client.query<{ id: string }>('insert into member (display_name) values ($1) returning id', [
    requester.displayName,
  ]);
  assert.equal(await linking.redeem(token, rows[0]?.id ?? ''), 'linked');
}

/** A job of this person; and whether it begins with waiting for their link. */
async function ask(
  linking: LinkPolicy,
  requester: Requester,
  address = place(),
): Promise<{ readonly jobId: string; readonly workflowId: string; readonly waits: boolean }> {
  const { jobId, workflowId } = await testJob(database, { address, requester, linking });
  const view = await createJobs(database).find(jobId);
  return { jobId, workflowId, waits: view?.awaitsLink?.stage === 'work' };
}

test('always, whoever asks has to link; never, nobody; and the console is linked by itself', async () => {
  const ada = person();
  assert.equal((await ask('always', ada)).waits, true);
  assert.equal((await ask('never', ada)).waits, false);
  assert.equal((await ask('always', person('console'))).waits, false);
  await link(ada);
  assert.equal((await ask('always', ada)).waits, false);
  await createLinking(database).unlink(ada);
  assert.equal((await ask('always', ada)).waits, true);
});

test('the answer to a question is that of the job, for people of whom nothing is known too', async () => {
  const address = place();
  const ada = person();
  for (const policy of ['always', 'members', 'never'] as const) {
    const { mustLink } = createLinkWaits(database, policy);
    const { id } = await createBands(database).of(address, ada);
    assert.equal(await mustLink(id, ada), (await ask(policy, ada, address)).waits, policy);
    assert.equal(await mustLink(id, person()), policy !== 'never', policy);
    assert.equal(await mustLink(id, person('console')), false, policy);
  }
});

test('members vouch for the others of their band, and for nobody else', async () => {
  const address = place();
  const [ada, ben] = [person(), person()];
  assert.equal((await ask('members', ada, address)).waits, true);
  await link(ada);
  assert.equal((await ask('members', ben, address)).waits, false);
  assert.equal((await ask('always', ben, address)).waits, true);
  assert.equal((await ask('members', ben, place())).waits, true);
});

test('in a band for the invited they vouch for whoever joined by its code', async () => {
  const bands = createBands(database);
  const address = place();
  const [ada, ben, cleo] = [person(), person(), person()];
  const { id } = await bands.of(address, ada);
  await link(ada);
  assert.equal((await bands.saveSettings(id, { inviteOnly: true })).settings.inviteOnly, true);
  const { code } = await bands.invite(address, ada);
  const other = place();
  await bands.of(other, cleo);
  assert.equal((await bands.join(other, cleo, code)).kind, 'joined');

  assert.equal((await ask('members', ada, address)).waits, false, 'linked');
  assert.equal((await ask('members', ben, address)).waits, true, 'only writes in the chat');
  assert.equal((await ask('members', cleo, other)).waits, false, 'joined by the code');
  assert.equal((await ask('members', cleo, address)).waits, false, 'wherever in the band');
});

test('a job says how it waits, and says the same when it is opened again', async () => {
  const { jobId, workflowId } = await ask('always', person());
  const jobs = createJobs(database, { linking: 'always' });
  const { request } = (await jobs.find(jobId)) ?? assert.fail();
  const again = await jobs.open({ request, workflowId, plan: testPlan });
  assert.deepEqual(again.link, { keptSeconds: 90 * 24 * 3600 });
  await client.query('update band set retention_days = null where id = (select band_id from job where id = $1)', [
    jobId,
  ]);
  assert.deepEqual((await jobs.open({ request, workflowId, plan: testPlan })).link, { keptSeconds: null });

  const waits = createLinkWaits(database, 'always');
  const earlier = await jobs.find(jobId);
  const endsAt = new Date(Date.now() + 1000);
  assert.deepEqual(await waits.note({ jobId, stage: 'late', endsAt }), { isLinked: false });
  const noted = await jobs.find(jobId);
  assert.deepEqual(noted?.awaitsLink, { stage: 'late', endsAt });
  assert.ok((noted?.version ?? 0) > (earlier?.version ?? 0), 'its card is drawn anew');
});

test('a job that was noted as waiting is found once its asker is linked, until it was told, and not after its end', async () => {
  const ada = person();
  const waits = createLinkWaits(database, 'always');
  const [one, other, ended] = [await ask('always', ada), await ask('always', ada), await ask('always', ada)];
  await ask('always', person());
  await createJobs(database).end(ended.jobId, { state: 'cancelled' });
  assert.deepEqual(await waits.released(10), []);
  await link(ada);
  const workflows = async (): Promise<string[]> => (await waits.released(10)).map(({ workflowId }) => workflowId);
  assert.deepEqual(await workflows(), [one.workflowId, other.workflowId]);
  await waits.settle(one.jobId);
  assert.deepEqual(await workflows(), [other.workflowId]);
  // Asked only now, when the link is there already.
  assert.deepEqual(await waits.note({ jobId: other.jobId, stage: 'result', endsAt: null }), { isLinked: true });
  assert.deepEqual(await workflows(), []);
  assert.equal((await createJobs(database).find(other.jobId))?.awaitsLink, null);
});

test('what the operator chooses later holds for those who wait', async () => {
  const { workflowId, jobId } = await ask('always', person());
  assert.ok(!(await createLinkWaits(database, 'always').released(100)).some((job) => job.jobId === jobId));
  const released = await createLinkWaits(database, 'never').released(100);
  assert.ok(released.some((job) => job.workflowId === workflowId));
});
