import type { Database } from './orm.ts';

export interface RoomStand {
  readonly room: string;
  readonly isConnected: boolean;
  /** Since it last said so, by the database's clock. */
  readonly ageSeconds: number;
}

export interface RoomBeats {
  beat(room: string, isConnected: boolean): Promise<void>;
  list(): Promise<readonly RoomStand[]>;
}

export function createRoomBeats(database: Database): RoomBeats {
  return {
    async beat(room, isConnected) {
      await database.use(async (em) => {
        await em.execute(
          `insert into room_beat (room, is_connected) values (?, ?)
             on conflict (room) do update set is_connected = excluded.is_connected, beat_at = now()`,
          [room, isConnected],
        );
      });
    },
    async list() {
      return await database.use(async (em) => {
        const rows = await em.execute<{ room: string; connected: boolean; age: string }[]>(
          'select room, is_connected as connected, extract(epoch from now() - beat_at) as age from room_beat order by room',
        );
        return rows.map(({ room, connected, age }) => ({ room, isConnected: connected, ageSeconds: Number(age) }));
      });
    },
  };
}
