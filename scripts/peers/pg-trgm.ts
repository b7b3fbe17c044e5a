// pg_trgm on a real PostgreSQL: the nearest text by trigram similarity, as its documentation finds it, with a GiST index and
// ordered by distance (a GIN index cannot order). A prepared statement on one connection. In scripts/database stands where
// the server comes from.
import pg from 'pg';
import { startRealPostgres } from '../database/real-postgres.js';
import { type Answer, cannotOpen, type Peer } from './peer.js';

const CHUNK = 5_000;
/** Bytes of a signature in the index. */
const SIGNATURE_LENGTH = 256;

export const pgTrgm: Peer = {
  name: 'pg_trgm',
  whyMissing: () => null,
  loadCode: () => {},
  async learn(rows) {
    const server = await startRealPostgres();
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query('create extension if not exists pg_trgm');
    await client.query('create temporary table taught (body text not null, label text not null)');
    for (let start = 0; start < rows.length; start += CHUNK) {
      const chunk = rows.slice(start, start + CHUNK);
      await client.query('insert into taught select * from unnest($1::text[], $2::text[])', [
        chunk.map(row => row.text),
        chunk.map(row => row.label),
      ]);
    }
    await client.query(`create index on taught using gist (body gist_trgm_ops (siglen = ${SIGNATURE_LENGTH}))`);
    await client.query('analyze taught');
    return {
      async answer(text): Promise<Answer> {
        const { rows: found } = await client.query<{ label: string; score: number }>({
          name: 'nearest',
          text: 'select label, similarity(body, $1) as score from taught order by body <-> $1 limit 1',
          values: [text],
        });
        const best = found[0];
        return best && best.score > 0 ? best : { label: null, score: 0 };
      },
      pack: () => null,
      async heldElsewhere() {
        const { rows: size } = await client.query<{ bytes: string }>(
          "select pg_total_relation_size('taught')::text as bytes",
        );
        return Number(size[0]!.bytes);
      },
      async close() {
        await client.end();
        await server.stop();
      },
    };
  },
  open: cannotOpen,
};
