// The cases of node-postgres. Each prints a section; an error is printed, not thrown.
'use strict';
const { Client, Pool, types } = require('pg');
const Cursor = require('pg-cursor');
const copy = require('pg-copy-streams');
const { Readable } = require('stream');
const { pipeline } = require('stream/promises');

types.setTypeParser(1114, (text) => text);
types.setTypeParser(1184, (text) => text);
types.setTypeParser(1082, (text) => text);

const show = (...what) => console.log(what.map((w) => (typeof w === 'string' ? w : JSON.stringify(w))).join(' '));
const failure = (e) => show('error', e.code ?? '', e.severity ?? '', e.message, '|', e.detail ?? '', '|', e.position ?? '',
  e.constraint ?? '');

async function connect(more) {
  const client = new Client(more);
  client.on('error', () => {}); // of lost connections: the query reports it too
  await client.connect();
  return client;
}

async function attempt(action) {
  try {
    return await action();
  } catch (e) {
    failure(e);
    return undefined;
  }
}

const cases = {
  async simple(c) {
    const r = await c.query("SELECT 1 AS a, 'x' AS b, NULL AS c, ARRAY[1,2] AS d, '{\"a\":1}'::jsonb AS e");
    show(r.rows, r.command, r.rowCount, r.fields.map((f) => [f.name, f.dataTypeID, f.dataTypeSize, f.format]));
    const many = await c.query('SELECT 1; SELECT 2; CREATE TABLE s (i int); INSERT INTO s VALUES (1), (2)');
    show(many.map((m) => [m.command, m.rowCount]));
    show((await c.query('')).command);
    show((await c.query({ text: 'SELECT 1 AS x', rowMode: 'array' })).rows);
  },

  async parameters(c) {
    show((await c.query('SELECT $1::int AS a, $2::text AS b, $3::bytea AS c, $4::jsonb AS d, $5::int[] AS e',
      [1, "it's", Buffer.from([0, 255]), { a: [1] }, [1, null, 3]])).rows);
    show((await c.query({ text: 'SELECT 1::int4 AS a, 2.5::float8 AS b, true AS c', binary: true, values: [] })).rows);
  },

  async named(c) {
    await c.query('CREATE TABLE n (i int, t text); INSERT INTO n VALUES (1, $$a$$), (2, $$b$$)');
    const q = (i) => c.query({ name: 'by-id', text: 'SELECT * FROM n WHERE i = $1', values: [i] });
    show((await q(1)).rows, (await q(2)).rows, (await q(3)).rows);
    await c.query('ALTER TABLE n ALTER COLUMN t TYPE varchar(5)');
    show(await attempt(() => q(1)));
    await c.query('ALTER TABLE n ADD COLUMN more int');
    show(await attempt(() => q(1)));
    await attempt(() => c.query({ name: 'by-id', text: 'SELECT 1', values: [] }));
    await attempt(() => c.query({ name: 'broken', text: 'SELECT nothing', values: [] }));
    await attempt(() => c.query({ name: 'broken', text: 'SELECT nothing', values: [] }));
    show((await c.query('SELECT count(*) FROM pg_prepared_statements')).rows);
    await Promise.all([...Array(50).keys()].map((i) => c.query({ name: `s${i}`, text: `SELECT ${i} + $1::int AS x`, values: [i] })));
    show((await c.query({ name: 's49', text: 'SELECT 49 + $1::int AS x', values: [1] })).rows);
    await c.query('DEALLOCATE ALL');
    await attempt(() => c.query({ name: 's49', text: 'SELECT 49 + $1::int AS x', values: [1] }));
  },

  async queued(c) {
    const all = await Promise.allSettled([
      c.query('BEGIN'), c.query('SELECT 1 AS x'), c.query('SELECT nothing'), c.query('SELECT 2 AS x'), c.query('ROLLBACK'),
      c.query('SELECT 3 AS x', []),
    ]);
    all.forEach((r) => (r.status === 'fulfilled' ? show(r.value.command, r.value.rows) : failure(r.reason)));
  },

  async cursor(c) {
    const cursor = c.query(new Cursor('SELECT i FROM generate_series(1, $1) i', [1000]));
    show((await cursor.read(3)).map((r) => r.i));
    let sum = 0;
    for (let rows = await cursor.read(100); rows.length > 0; rows = await cursor.read(100)) {
      sum += rows.reduce((s, r) => s + r.i, 0);
    }
    show(sum);
    await cursor.close();
    const early = c.query(new Cursor('SELECT i FROM generate_series(1, 100000) i'));
    show((await early.read(2)).length);
    await early.close();
    const broken = c.query(new Cursor('SELECT 10 / (3 - i) AS x FROM generate_series(1, 5) i'));
    show(await broken.read(1));
    await attempt(() => broken.read(10));
    show((await c.query('SELECT 1 AS after')).rows);
  },

  async copying(c) {
    await c.query('CREATE TABLE cp (i int, t text)');
    const lines = function* () {
      for (let i = 0; i < 20000; i++) yield `${i}\ttext ${i}\n`;
    };
    const into = c.query(copy.from('COPY cp FROM STDIN'));
    await pipeline(Readable.from(lines()), into);
    show(into.rowCount, (await c.query('SELECT count(*), sum(i) FROM cp')).rows);
    let bytes = 0;
    for await (const chunk of c.query(copy.to('COPY (SELECT * FROM cp ORDER BY i) TO STDOUT'))) bytes += chunk.length;
    show(bytes);
    await attempt(() => pipeline(Readable.from(['1\tx\n', 'wrong\ty\n']), c.query(copy.from('COPY cp FROM STDIN'))));
    show((await c.query('SELECT count(*) FROM cp')).rows);
  },

  async cancel(c) {
    const timed = await connect({ statement_timeout: 150 });
    await attempt(() => timed.query('SELECT pg_sleep(30)'));
    show((await timed.query('SELECT 1 AS after')).rows);
    await timed.end();
    const other = await connect();
    const sleeping = attempt(() => c.query('SELECT pg_sleep(30)'));
    while ((await other.query("SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND "
      + "query = 'SELECT pg_sleep(30)' AND state = 'active'")).rows[0].n === 0);
    const killer = new Client();
    killer.connection.on('connect', () => killer.connection.cancel(c.processID, c.secretKey));
    killer.connection.connect(killer.port, killer.host);
    await sleeping;
    show((await c.query('SELECT 2 AS after')).rows);
    await other.end();
  },

  async listen(c) {
    const heard = [];
    const three = new Promise((resolve) => {
      c.on('notification', (n) => {
        heard.push([n.channel, n.payload, n.processId === c.processID]);
        if (heard.length === 3) resolve();
      });
    });
    await c.query('LISTEN chan');
    const other = await connect();
    await other.query("NOTIFY chan, 'one'");
    await other.query('SELECT pg_notify($1, $2)', ['chan', 'two']);
    await c.query("NOTIFY chan, 'own'");
    await three;
    show(heard);
    await other.end();
  },

  async notices(c) {
    c.on('notice', (n) => show('notice', n.severity, n.message, n.hint ?? ''));
    await c.query("DO $$ BEGIN RAISE NOTICE 'one'; RAISE WARNING 'two' USING HINT = 'h'; END $$");
  },

  async errors(c) {
    for (const [text, values] of [['SELEC 1'], ['SELECT $1::int', ['x']], ['SELECT 1 / $1::int', [0]], ['SELECT nothing', []],
      ['SELECT $1', []], ['SELECT $1 + $2', ['a', 'b']], ['SELECT 1; SELECT 2', ['x']], ['SELECT 1; SELECT 1/0; SELECT 3']]) {
      show((await attempt(() => c.query(text, values)))?.rows ?? 'none');
    }
    await c.query('CREATE TABLE e (i int CONSTRAINT positive CHECK (i > 0))');
    await attempt(() => c.query('INSERT INTO e VALUES ($1)', [-1]));
  },

  async transactions(c) {
    await c.query('CREATE TABLE t (i int)');
    for (const level of ['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE']) {
      await c.query(`BEGIN ISOLATION LEVEL ${level}`);
      show((await c.query('SHOW transaction_isolation')).rows);
      await c.query('INSERT INTO t VALUES ($1)', [1]);
      await c.query(level === 'SERIALIZABLE' ? 'ROLLBACK' : 'COMMIT');
    }
    await c.query("BEGIN; INSERT INTO t VALUES (9); PREPARE TRANSACTION 'compat-node'");
    await c.query("COMMIT PREPARED 'compat-node'");
    show((await c.query('SELECT count(*) FROM t')).rows);
  },

  async pool() {
    const pool = new Pool({ max: 5, application_name: 'pooled', options: '-c work_mem=9MB' });
    const rows = await Promise.all([...Array(200).keys()].map((i) => pool.query('SELECT $1::int AS x', [i])));
    show(rows.reduce((s, r) => s + r.rows[0].x, 0));
    show((await pool.query("SELECT current_setting('work_mem') AS m, current_setting('application_name') AS n")).rows);
    await pool.end();
  },

  async large(c) {
    show((await c.query("SELECT repeat('x', 20000000) AS x")).rows[0].x.length);
    show((await c.query('SELECT length($1) AS n, md5($1) AS m', ['grüße '.repeat(1000000)])).rows);
    show((await c.query('SELECT i, md5(i::text) FROM generate_series(1, 100000) i')).rows.length);
  },

  async login(c) {
    await c.query("CREATE ROLE compat_node LOGIN PASSWORD 'pässwörd'");
    const other = await connect({ user: 'compat_node', password: 'pässwörd' });
    show((await other.query('SELECT current_user')).rows);
    await other.end();
    await attempt(() => connect({ user: 'compat_node', password: 'wrong' }));
    await attempt(() => connect({ database: 'nowhere' }));
    await attempt(() => connect({ ssl: true }));
  },

  async terminated(c) {
    const other = await connect();
    const sleeping = attempt(() => c.query('SELECT pg_sleep(30)'));
    show((await other.query('SELECT pg_terminate_backend($1, 5000) AS gone', [c.processID])).rows);
    await sleeping;
    await attempt(() => c.query('SELECT 1'));
    await other.end();
  },
};

(async () => {
  for (const [name, run] of Object.entries(cases)) {
    console.log(`== ${name}`);
    let client;
    try {
      client = await connect();
      await run(client);
    } catch (e) {
      console.log(`failed: ${e.code ?? ''} ${e.message}`);
    }
    await client?.end().catch(() => {});
  }
  console.log('== end');
})();
