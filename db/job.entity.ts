import { defineEntity, p } from '@mikro-orm/postgresql';
import { JOB_STAGES } from '../workflows/contract/job.ts';
import type { JobOutcome, JobPlan } from '../workflows/contract/job.ts';
import { LINK_STAGES } from '../workflows/contract/linking.ts';
import { QUALITIES } from '../workflows/contract/request.ts';
import type { JobRequest } from '../workflows/contract/request.ts';
import { Band } from './band.entity.ts';
import { ChatIdentity } from './chat-identity.entity.ts';
import { InboundEvent } from './inbound-event.entity.ts';
import { Recording } from './recording.entity.ts';
import { rowProperties, touchOnUpdate } from './row.ts';
import { Surface } from './surface.entity.ts';

/** Under way, as one of so many of its asker; or waiting for that. */
export const TURNS = ['now', 'later'] as const;
export const JOB_STATES = ['queued', 'running', 'done', 'refused', 'failed', 'cancelled'] as const;

/** One accepted request and all that comes of it. */
export const Job = defineEntity({
  name: 'Job',
  tableName: 'job',
  triggers: [touchOnUpdate('job_touch')],
  indexes: [
    { name: 'job_band_created_at_index', properties: ['band', 'createdAt'] },
    { name: 'job_unfinished_index', properties: ['createdAt'], where: "state in ('queued', 'running')" },
    { name: 'job_awaits_link_index', properties: ['requester'], where: 'awaits_link is not null' },
    { name: 'job_turn_index', properties: ['requester'], where: 'turn is not null' },
    { name: 'job_estimate_index', properties: ['strategy', 'quality', 'endedAt'], where: "state = 'done'" },
  ],
  checks: [
    // Quoted numbers: the schema comparison does not see through PostgreSQL's cast of a bare one.
    { name: 'job_fraction_check', expression: "fraction >= '0' and fraction <= '1'" },
    { name: 'job_strategy_check', expression: '(strategy is null) = (quality is null)' },
    {
      name: 'job_outcome_check',
      expression:
        "(state in ('queued', 'running')) = (outcome is null) and (outcome is null) = (ended_at is null) and (outcome is null or outcome ->> 'state' = state)",
    },
  ],
  properties: {
    ...rowProperties,
    workflowId: p.text().unique('job_workflow_id_unique'),
    code: p.text().unique('job_code_unique'),
    band: () => p.manyToOne(Band).deleteRule('cascade'),
    requester: () => p.manyToOne(ChatIdentity).index(),
    surface: () => p.manyToOne(Surface).index(),
    inboundEvent: () => p.manyToOne(InboundEvent).index(),
    request: p.json<JobRequest>(),
    /** Null where the request could not be planned, such as an unknown strategy. */
    plan: p.json<JobPlan>().strictNullable(),
    /** Both null where no stems are asked for. */
    strategy: p.text().strictNullable(),
    quality: p.enum(QUALITIES).strictNullable(),
    recording: () => p.manyToOne(Recording).nullable().deleteRule('set null').index(),
    audioSeconds: p.double().$type<number>().strictNullable(),
    state: p.enum(JOB_STATES).default('queued'),
    /** Null until the first report. */
    stage: p.enum(JOB_STAGES).strictNullable(),
    /** 0 to 1 within the stage. */
    fraction: p.double().$type<number>().default(0),
    log: p.json<readonly string[]>().defaultRaw("'[]'"),
    /** Rises with every visible change. */
    version: p.integer().default(1),
    outcome: p.json<JobOutcome>().strictNullable(),
    /** Null where it takes none: it is refused, has ended, or has a result that waits for its asker. */
    turn: p.enum(TURNS).strictNullable(),
    /** Its asker has to link their account first; null where not, or not any more. */
    awaitsLink: p.enum(LINK_STAGES).strictNullable(),
    /** Until when its result is kept for them. */
    linkEndsAt: p.datetime(6).strictNullable(),
    /** First report of any work. */
    startedAt: p.datetime(6).strictNullable(),
    /** First report of computing (separating or listening): what went before may have been waiting for the device. */
    separatingAt: p.datetime(6).strictNullable(),
    /** When its work was done and its result began to wait for its asker's link; null where it never did. */
    restingAt: p.datetime(6).strictNullable(),
    endedAt: p.datetime(6).strictNullable(),
  },
});
