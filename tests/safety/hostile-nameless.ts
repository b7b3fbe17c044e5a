// Commands that nobody gave: each is right but for its actor, who is nothing that a person would see.

const REASON_ID = '00000000-0000-4000-8000-000000000002';
const REASON = `insert into reasons (id, text) values ('${REASON_ID}', 'because')`;

/** By the command's table; the actor is an SQL string. */
export const COMMANDS: Record<string, (actor: string) => string> = {
  activations: actor => `insert into activations (pattern_id, version, actor) values ('$off', 1, ${actor})`,
  releases: actor => `${REASON}; insert into releases (actor, reason_id) values (${actor}, '${REASON_ID}')`,
  config_changes: actor =>
    `${REASON}; insert into config_changes (config_key, new_value, actor, reason_id)
     values ('activation_days', '31', ${actor}, '${REASON_ID}')`,
  'config_changes that tighten': actor =>
    `insert into config_changes (config_key, new_value, actor) values ('activation_days', '7', ${actor})`,
  restorations: actor =>
    `${REASON}; insert into restorations (incident_id, actor, reason_id) values ('$incident', ${actor}, '${REASON_ID}')`,
  ...Object.fromEntries(
    ['deactivate', 'retire', 'edit'].map(action => [
      `pattern_commands to ${action}`,
      (actor: string) =>
        `insert into pattern_commands (pattern_id, action, actor) values ('$on', '${action}', ${actor})`,
    ]),
  ),
};

/** Nothing, blanks of every kind, a space that has no width, and signs without a letter. */
export const NOBODY = [
  ...['null', `''`, `' '`, `E'\\t'`, `E'\\n'`, `E'\\r'`, `E' \\t\\r\\n '`, `E'\\f\\x0b'`],
  ...[`E'\\u00a0'`, `E'\\u3000\\u200b'`, `'-'`],
];

export const NAMELESS: readonly string[] = Object.values(COMMANDS).flatMap(command => NOBODY.map(command));
