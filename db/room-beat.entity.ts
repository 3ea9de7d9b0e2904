import { defineEntity, p } from '@mikro-orm/postgresql';
import { rowProperties, touchOnUpdate } from './row.ts';

/** When a process with a connection to the outside last said how it stands. */
export const RoomBeat = defineEntity({
  name: 'RoomBeat',
  tableName: 'room_beat',
  triggers: [touchOnUpdate('room_beat_touch')],
  properties: {
    ...rowProperties,
    /** Such as `discord`. */
    room: p.text().unique('room_beat_room_unique'),
    isConnected: p.boolean(),
    /** By the database's clock: the processes' may differ. */
    beatAt: p.datetime(6).defaultRaw('now()'),
  },
});
