import { Artefact, DoomedBlob } from './artefact.entity.ts';
import { AuditEvent } from './audit-event.entity.ts';
import { BandInvite } from './band-invite.entity.ts';
import { Band } from './band.entity.ts';
import { ChatIdentity } from './chat-identity.entity.ts';
import { Delivery } from './delivery.entity.ts';
import { HeldEvent } from './held-event.entity.ts';
import { InboundEvent } from './inbound-event.entity.ts';
import { Job } from './job.entity.ts';
import { LinkCode, LinkToken } from './link-token.entity.ts';
import { LinkedAccount } from './linked-account.entity.ts';
import { Member, Membership } from './member.entity.ts';
import { Recording } from './recording.entity.ts';
import { Rendering } from './rendering.entity.ts';
import { RoomBeat } from './room-beat.entity.ts';
import { SecondFactor } from './second-factor.entity.ts';
import { Separation, Stem } from './separation.entity.ts';
import { ShareLink } from './share-link.entity.ts';
import { CommandCount, ShareUse } from './share.entity.ts';
import { Sheet, SongFact } from './sheet.entity.ts';
import { SignInState } from './sign-in-state.entity.ts';
import { SlackInstallation } from './slack-installation.entity.ts';
import { Surface } from './surface.entity.ts';
import { UploadTicket } from './upload-ticket.entity.ts';
import { WebSession } from './web-session.entity.ts';

/** Every table. */
export const ENTITIES = [
  Band,
  Member,
  Membership,
  ChatIdentity,
  Surface,
  InboundEvent,
  Artefact,
  DoomedBlob,
  Recording,
  Separation,
  Stem,
  Rendering,
  Sheet,
  SongFact,
  Job,
  Delivery,
  HeldEvent,
  BandInvite,
  ShareUse,
  CommandCount,
  SlackInstallation,
  WebSession,
  AuditEvent,
  ShareLink,
  RoomBeat,
  UploadTicket,
  LinkToken,
  LinkCode,
  LinkedAccount,
  SignInState,
  SecondFactor,
];
