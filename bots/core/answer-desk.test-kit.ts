/** What answers need of the database, in memory: ledgers and lists that answer as the real ones do. */
import type { BandSettings, BandView } from '../../workflows/contract/band.ts';
import type { JobSurface, JobView } from '../../workflows/contract/job-view.ts';
import { isFinished } from '../../workflows/contract/job.ts';
import type { ChatAddress, Requester } from '../../workflows/contract/request.ts';
import { restated } from '../../workflows/contract/resolve-tab.ts';
import { NO_TAB_PREFERENCES } from '../../workflows/contract/tab.ts';
import type { TabPreferences } from '../../workflows/contract/tab.ts';
import type { AnswerDeps, IncomingCommand } from './answer.ts';
import type { ChatCommand } from './chat-command.ts';
import { SLASH_STYLE } from './command-style.ts';
import { exampleJob } from './example-job.test-kit.ts';
import type { InboundEvent, JoinedBand, SharesLeft } from './jobs.ts';

const NO_SETTINGS: BandSettings = { strategy: null, quality: null, format: null, language: null, inviteOnly: false };

export interface AnswerDesk {
  readonly deps: AnswerDeps;
  /** Events in the ledger, each once. */
  readonly accepted: InboundEvent[];
  /** Newest first. */
  readonly jobs: JobView[];
  /** Of every job. */
  readonly surfaces: JobSurface[];
  band: BandView;
  /** Whose chat it is; nobody else may stop another's job. */
  ownerId: string;
  /** Accounts, as `platform:userId`, and who they are linked to be. */
  readonly people: Map<string, string>;
  /** People who are in the band though they write from elsewhere. */
  readonly members: Set<string>;
  joins: JoinedBand;
  left: SharesLeft;
  /** What Ana, and her band, usually play on. */
  tabs: { readonly member: TabPreferences; readonly band: TabPreferences };
  /** Those who have to link an account. */
  readonly unlinked: Set<string>;
  /** Whether there is a web address. */
  hasPages: boolean;
  /** Null: as many commands as one likes. */
  freeInSeconds: number | null;
  incoming(command: ChatCommand, changes?: Partial<IncomingCommand>): IncomingCommand;
}

export const HERE: ChatAddress = { platform: 'discord', botId: 'bot', chatId: 'chat', threadId: null };
export const ANA: Requester = { platform: 'discord', userId: 'ana', displayName: 'Ana' };
export const BEN: Requester = { platform: 'discord', userId: 'ben', displayName: 'Ben' };

const BAND_ID = exampleJob({}).bandId;

export function createAnswerDesk(): AnswerDesk {
  let events = 0;
  const desk: AnswerDesk = {
    accepted: [],
    jobs: [],
    surfaces: [],
    band: { id: BAND_ID, name: 'The Sheds', settings: NO_SETTINGS, chats: 1 },
    ownerId: 'owner',
    people: new Map(),
    members: new Set(),
    joins: { kind: 'unknown' },
    left: {
      jobs: { limit: 10, left: 3, freeInSeconds: 125 },
      audioMinutes: { limit: 600, left: 599.4, freeInSeconds: null },
      megabytes: { limit: 5000, left: -1, freeInSeconds: 7500 },
    },
    tabs: { member: NO_TAB_PREFERENCES, band: NO_TAB_PREFERENCES },
    unlinked: new Set(),
    hasPages: true,
    freeInSeconds: null,
    incoming(command, changes = {}) {
      events += 1;
      return { command, sources: [], address: HERE, requester: ANA, eventKey: `event-${String(events)}`, ...changes };
    },
    deps: {
      strategies: new Map([
        ['vocals', ['vocals', 'accompaniment']],
        ['band', ['vocals', 'drums', 'bass', 'other']],
        ['mid-side', ['mid', 'side']],
      ]),
      defaults: { strategy: 'vocals', quality: 'fast', format: 'mp3' },
      songLimits: { largestBytes: 500_000_000, fromChatBytes: null },
      style: SLASH_STYLE,
      uploads: {
        offer: async ({ eventKey }) => (desk.hasPages ? { url: `https://woodshed.example/u/${eventKey}` } : null),
      },
      tabs: {
        usual: async () => desk.tabs,
        async saveMember(_requester, changes) {
          desk.tabs = { ...desk.tabs, member: restated(desk.tabs.member, changes) };
          return desk.tabs.member;
        },
        async saveBand(_bandId, changes) {
          desk.tabs = { ...desk.tabs, band: restated(desk.tabs.band, changes) };
          return desk.tabs.band;
        },
      },
      inbox: {
        async accept(event) {
          const index = desk.accepted.findIndex(
            (one) => one.eventKey === event.eventKey && one.platform === event.platform && one.botId === event.botId,
          );
          if (index < 0) desk.accepted.push(event);
          return { id: `inbound-${String(index < 0 ? desk.accepted.length - 1 : index)}`, isNew: index < 0 };
        },
        async hold() {
          throw new Error('answers hold nothing back');
        },
        async settle() {
          throw new Error('answers hold nothing back');
        },
        heldGroups: async () => [],
        once: async (_event, work) => await work(),
      },
      jobs: {
        find: async (id) => desk.jobs.find((job) => job.id === id) ?? null,
        findByCode: async (code) => desk.jobs.find((job) => job.code === code.trim().toUpperCase()) ?? null,
        findByInboundEvent: async () => null,
        list: async ({ limit, unfinishedOnly = false, bandId, inboundEventId, askedBy }) =>
          desk.jobs
            .filter(
              ({ state, request, ...job }) =>
                !(unfinishedOnly && isFinished(state)) &&
                (bandId === undefined || job.bandId === bandId) &&
                (inboundEventId === undefined || request.inboundEventId === inboundEventId) &&
                (askedBy === undefined || personOf(desk, request.requester) === personOf(desk, askedBy)),
            )
            .slice(0, limit),
        surfacesOf: async () => desk.surfaces,
        queuePlace: async () => 0,
        estimateSeconds: async () => null,
      },
      bands: {
        of: async () => desk.band,
        ofPerson: async () => [desk.band],
        async create(_address, _requester, name) {
          desk.band = { ...desk.band, id: 'new-band', name };
          return desk.band;
        },
        invite: async () => ({ code: 'ABCD2345', expiresAt: new Date(Date.now() + 600_000) }),
        join: async () => desk.joins,
        async leave() {
          desk.band = { ...desk.band, id: 'own-band', name: 'Ana' };
          return desk.band;
        },
        async saveSettings(_bandId, settings) {
          desk.band = { ...desk.band, settings: { ...desk.band.settings, ...settings } };
          return desk.band;
        },
        isMember: async (bandId, { userId }) => bandId === BAND_ID && desk.members.has(userId),
        isSamePerson: async (one, other) => personOf(desk, one) === personOf(desk, other),
        isOwner: async (_bandId, { userId }) => userId === desk.ownerId,
        moveChat: async () => undefined,
      },
      accounts: {
        mustLink: async (_bandId, { userId }) => desk.unlinked.has(userId),
        isLinked: async ({ userId }) => !desk.unlinked.has(userId),
        linkPage: async ({ userId }) => ({
          url: `https://woodshed.example.org/link/of-${userId}`,
          endsAt: new Date(Date.now() + 600_000),
        }),
        async confirm({ userId }, code) {
          if (code === 'RIGHTONE') desk.unlinked.delete(userId);
          return code === 'RIGHTONE' ? 'linked' : code === 'SPENTONE' ? 'too-many' : 'wrong';
        },
        async unlink({ userId }) {
          if (desk.unlinked.has(userId)) return false;
          desk.unlinked.add(userId);
          return true;
        },
      },
      shares: {
        countCommand: async () =>
          desk.freeInSeconds === null ? { allowed: true } : { allowed: false, freeInSeconds: desk.freeInSeconds },
        left: async () => desk.left,
      },
    },
  };
  return desk;
}

function personOf({ people }: AnswerDesk, { platform, userId }: Requester): string {
  const account = `${platform}:${userId}`;
  return people.get(account) ?? account;
}

/** A job of this band that Ana asked for on Discord. */
export function bandJob(changes: Partial<JobView> = {}): JobView {
  const { request } = exampleJob({});
  return exampleJob({ request: { ...request, address: HERE, requester: ANA }, ...changes });
}
