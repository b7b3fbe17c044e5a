/** What a foreign writer with the owner's password plants, by kind: how, what the watchdog must name, and how the owner mends it. */
import type { CheckId } from '../../lib/safety/watchdog.js';
import type { Random } from '../quo/random.js';
import { behindGuards } from '../safety/behind-guards.js';
import { ATTACKS } from '../safety/catalog-attacks.js';
import type { Line } from './days-line.js';

export type Found = [check: CheckId, key: string];
export type Planted = {
  /** Evidence of the incident, nothing else: a key, or how it begins. */
  expected: Found[];
  mend?: () => Promise<unknown>;
};
export type Kind = {
  name: string;
  /** Undone in the transaction that brings it; else by the next run. */
  isAtOnce?: boolean;
  /** Planted behind the last text before the run: a text might mend it by itself. */
  isLast?: boolean;
  /** Replaces the view of what is in force. */
  replacesForce?: boolean;
  plant(line: Line, random: Random): Promise<Planted>;
};

type Pattern = { id: string; version: number; template: string };

/** In an order that does not depend on ids, which no seed decides. */
async function listPatterns({ owner }: Line, where: string): Promise<Pattern[]> {
  return owner.sql<Pattern>(`select id, version, response_template as template from decision_patterns
    where retired_at is null and ${where} order by first_seen, trigger_text`);
}

async function choosePattern(line: Line, random: Random, where: string): Promise<Pattern> {
  const patterns = await listPatterns(line, where);
  if (patterns.length === 0) throw new Error(`there is no pattern to plant at: ${where}`);
  return random.choose(patterns);
}

/** Rows of `pattern_execution_history`, for a pattern that is on. */
function evidence(name: string, columns: string, values: string): Kind {
  return {
    name,
    isAtOnce: true,
    async plant(line, random) {
      const { id } = await choosePattern(line, random, 'is_active');
      const [row] = await line.owner.sql<{ id: string }>(
        `insert into pattern_execution_history (pattern_id, ${columns}) values ('${id}', ${values}) returning id`,
      );
      return { expected: [['executions', row!.id]] };
    },
  };
}

function queueRow(status: string): Kind {
  return {
    name: `a queue row that is ${status}`,
    async plant({ owner }) {
      const insert = 'insert into pattern_execution_queue (status) values ($1) returning id';
      const [row] = await owner.sql<{ id: string }>(insert, [status]);
      return { expected: [['queue', row!.id]] };
    },
  };
}

/** The numbers belong to the key; a rollback counts them again. */
function counter(column: string): Kind {
  return {
    name: `a forged ${column}`,
    isLast: true,
    async plant(line, random) {
      const { id } = await choosePattern(line, random, 'true');
      await line.owner.script(`update decision_patterns set ${column} = ${column} + 40 where id = '${id}'`);
      return { expected: [['counters', `${id}:`]] };
    },
  };
}

/** One thing of a pattern that a CHECK forbids, once the CHECK is gone. */
function forcedColumn(column: string, value: string, constraint: string): Kind {
  return {
    name: `${column} ${value}, the CHECK ${constraint} dropped`,
    async plant(line, random) {
      const { owner } = line;
      const { id } = await choosePattern(line, random, 'true');
      const restore = await dropCheck(line, 'decision_patterns', constraint);
      await owner.script(`update decision_patterns set ${column} = ${value} where id = '${id}'`);
      return {
        expected: [
          ['pattern_safety_columns', id],
          ['catalog', `missing constraint decision_patterns.${constraint} @`],
        ],
        mend: restore,
      };
    },
  };
}

/** @returns what puts it back */
async function dropCheck({ owner }: Line, table: string, name: string): Promise<() => Promise<void>> {
  const [check] = await owner.sql<{ text: string }>(
    'select pg_get_constraintdef(oid) as text from pg_constraint where conname = $1',
    [name],
  );
  await owner.script(`alter table ${table} drop constraint ${name}`);
  return () => owner.script(`alter table ${table} add constraint ${name} ${check!.text}`);
}

function setting(name: string, key: string, statement: string, mending: string): Kind {
  return {
    name,
    async plant(line) {
      const restore = await dropCheck(line, 'pattern_learning_config', 'config_value_typed');
      await line.owner.script(behindGuards('pattern_learning_config', statement));
      return {
        expected: [
          ['configuration', key],
          ['catalog', 'missing constraint pattern_learning_config.config_value_typed @'],
        ],
        async mend() {
          if (mending) await line.owner.script(behindGuards('pattern_learning_config', mending));
          await restore();
        },
      };
    },
  };
}

/** What a program would have sent: words that a pattern had for at least a minute, every blank filled. */
async function render(line: Line, random: Random): Promise<string> {
  const said = await line.owner.sql<{ template: string }>(`select response_template as template from pattern_versions
    where recorded_at < v3pls_now() - interval '1 minute' and first_seen < v3pls_now() - interval '1 minute'
      and array_length(string_to_array(regexp_replace(response_template, '\\{\\{[a-z_]+\\}\\}', '', 'g'), ' '), 1) > 4
    order by first_seen, version, trigger_text`);
  return random.choose(said).template.replace(/\{\{(\w+)\}\}/g, (_, slot) => (slot === 'name' ? 'Ann' : '4'));
}

let sent = 0;

const KINDS_OF_ROWS: Kind[] = [
  evidence('an execution that says it was automatic', 'was_auto_executed, approved_by', `true, 'USnora'`),
  evidence('an execution that does not say whether it was', 'was_auto_executed, approved_by', `null, 'USnora'`),
  evidence('an execution that nobody approved', 'was_auto_executed', 'false'),
  evidence('an execution approved by blanks', 'was_auto_executed, approved_by', `false, E' \\t\\n'`),
  evidence(
    'an execution in an unknown mode',
    'was_auto_executed, approved_by, execution_mode',
    `false, 'USnora', 'autopilot'`,
  ),
  {
    name: 'an execution hidden from the trigger',
    async plant({ owner }) {
      const values = '(was_auto_executed) values (true)';
      await owner.script(behindGuards('pattern_execution_history', `insert into pattern_execution_history ${values}`));
      const [row] = await owner.sql<{ id: string }>('select max(id) as id from pattern_execution_history');
      return { expected: [['executions', row!.id]] };
    },
  },
  queueRow('pending'),
  queueRow('cancelled'),
  {
    name: 'a forged activation, triggers disabled',
    isLast: true,
    async plant(line, random) {
      const { id } = await choosePattern(line, random, 'true');
      const turn = (isOn: boolean) => `update decision_patterns set is_active = ${isOn} where id = '${id}'`;
      // Never approved, or approved and switched off since.
      await line.owner.script(`${turn(false)}; ${behindGuards('decision_patterns', turn(true))}`);
      return { expected: [['unapproved_active', id]] };
    },
  },
  {
    name: 'an active pattern reworded, triggers disabled',
    isLast: true,
    async plant(line, random) {
      const { id, template } = await choosePattern(line, random, 'is_active');
      const reword = (words: string) =>
        line.owner.script(
          behindGuards(
            'decision_patterns',
            `update decision_patterns set response_template = $v$${words}$v$ where id = '${id}'`,
          ),
        );
      await reword('Pay the money to this account today, please.');
      return { expected: [['unapproved_active', id]], mend: () => reword(template) };
    },
  },
  counter('exchange_count'),
  counter('agreed_count'),
  counter('disagreed_count'),
  counter('execution_count'),
  {
    name: 'a missing setting, triggers disabled',
    async plant({ owner }) {
      const remove = `delete from pattern_learning_config where config_key = 'activation_days'`;
      await owner.script(behindGuards('pattern_learning_config', remove));
      return { expected: [['configuration', 'missing:activation_days']] };
    },
  },
  setting(
    'an unknown setting, triggers disabled',
    'unknown:sender_url',
    `insert into pattern_learning_config (config_key, config_value) values ('sender_url', 'https://example.com')`,
    `delete from pattern_learning_config where config_key = 'sender_url'`,
  ),
  setting(
    'shadow mode off, triggers disabled',
    'value:shadow_mode',
    `update pattern_learning_config set config_value = 'false' where config_key = 'shadow_mode'`,
    '',
  ),
  setting(
    'a threshold that is none, triggers disabled',
    'value:auto_execute_threshold',
    `update pattern_learning_config set config_value = '0.2' where config_key = 'auto_execute_threshold'`,
    '',
  ),
  forcedColumn('auto_executable', 'true', 'nothing_executes'),
  forcedColumn('requires_confirmation', 'false', 'everything_asks'),
  {
    name: 'a text of nobody that says what a pattern says, as a row',
    async plant(line, random) {
      const id = `ACforeign${++sent}`;
      await line.owner.sql(
        `insert into messages (id, thread_id, line_id, direction, text, actor_id, is_person, status, event_at)
         values ($1, 'CNforeign', 'PNforeign', 'outgoing', $2, null, false, 'delivered', v3pls_now())`,
        [id, await render(line, random)],
      );
      return { expected: [['ground_truth', id]] };
    },
  },
  {
    name: 'a text of nobody that says what a pattern says, delivered and signed',
    async plant(line, random) {
      const id = `ACforeign${++sent}`;
      const item = {
        id,
        conversationId: 'CNforeign',
        phoneNumberId: 'PNforeign',
        direction: 'outgoing' as const,
        from: '+15550142000',
        to: ['+15559990000'],
        // ASCII letters only: a database of the locale C takes É and é for two letters.
        text: `  ${(await render(line, random)).replace(/[a-z]/g, letter => letter.toUpperCase())} `,
        userId: sent % 2 === 0 ? null : 'SYUforeign',
        status: 'delivered',
        createdAt: new Date(line.nowMs()).toISOString(),
      };
      const status = await line.deliver({ item, dialect: 'standard', deliveryId: `msg_${id}`, atMs: line.nowMs() });
      if (status !== 'accepted') throw new Error(`the text was ${status}`);
      return { expected: [['ground_truth', id]] };
    },
  },
];

/** These days have another clock, and their history has rows: what a guard of it would be put on an empty table cannot be planted. */
const NOT_HERE = [
  'the clock, replaced',
  'a sequence that was set to its end',
  'a CHECK of somebody else that would refuse evidence',
  'a unique index that would refuse evidence',
  'a column of somebody else that must be given',
];

const KINDS_OF_GUARDS: Kind[] = [
  ...ATTACKS.filter(([what]) => !NOT_HERE.includes(what)),
  [
    'a trigger that is dropped',
    'drop trigger judge_evidence on pattern_execution_history',
    `create trigger judge_evidence after insert on pattern_execution_history referencing new table as new_rows
     for each statement execute function v3pls_judge_evidence()`,
    ['missing trigger pattern_execution_history.judge_evidence'],
  ] as const,
].map(([what, attack, repair, faults]) => ({
  name: `guard: ${what}`,
  replacesForce: what.startsWith('the view'),
  async plant({ owner }) {
    await owner.script(attack);
    return { expected: faults.map(fault => ['catalog', `${fault} @`]), mend: () => owner.script(repair) };
  },
}));

export const KINDS: readonly Kind[] = [...KINDS_OF_ROWS, ...KINDS_OF_GUARDS];
