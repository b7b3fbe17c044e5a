// How a pattern is born, what its versions keep, where its confidence comes from, and that the audit sees it (I2, I4).
import { accepted, type Probe, refused } from '../probe.js';
import { agreed, audited, NEW_ID, newPattern, REWORD } from './statements.js';

const REFRESH = (pattern: string) => `select v3pls_refresh_patterns(array['${pattern}'::uuid])`;
const RETIRE = (pattern: string) => `update decision_patterns set retired_at = now() where id = '${pattern}'`;
const DELETE = `delete from decision_patterns where id = '$on'`;

export const PATTERNS: readonly Probe[] = [
  accepted(
    'a pattern with nothing but its type and words is accepted, and safe',
    `insert into decision_patterns (pattern_type, trigger_text, response_template) values ('faq', 'q', 'a')`,
    `not exists (select from decision_patterns where response_template = 'a'
     and (is_active, auto_executable, requires_confirmation, confidence_score, version) is distinct from (false, false, true, 0.50, 1))`,
  ),
  refused('a new pattern brings no evidence of its own', newPattern('exchange_count', '7')),
  refused('a new pattern is in its first version', newPattern('version', '9')),
  accepted(
    'the first version of the words is kept',
    newPattern('id', `'${NEW_ID}'`),
    `exists (select from pattern_versions where pattern_id = '${NEW_ID}' and response_template = 'a')`,
  ),
  accepted(
    'new words are a new version, off, with confidence 0.50',
    `${agreed('$on')}; ${REFRESH('$on')}; ${REWORD}`,
    `(select (is_active, version, confidence_score, agreed_count) = (false, 2, 0.50, 0) from decision_patterns where id = '$on')`,
  ),
  accepted(
    'each version of the words is kept',
    REWORD,
    `(select count(*) from pattern_versions where pattern_id = '$on') = 2`,
  ),
  refused('a version changes only with the words', `update decision_patterns set version = 7 where id = '$off'`),
  refused('a pattern keeps its id', `update decision_patterns set id = gen_random_uuid() where id = '$off'`),
  accepted('a retired pattern is off', RETIRE('$on'), `not (select is_active from decision_patterns where id = '$on')`),
  refused(
    'a retired pattern cannot be on',
    `alter table decision_patterns disable trigger guard_pattern; ${RETIRE('$on')};
     alter table decision_patterns enable trigger guard_pattern`,
  ),
  accepted(
    'a learner that comes later sees what was retired',
    RETIRE('$off'),
    `(select p.revision = l.revision from decision_patterns p, learning_state l where p.id = '$off')`,
  ),
  accepted(
    'a switched-off pattern is in the audit',
    `update decision_patterns set is_active = false where id = '$on'`,
    audited('pattern_safety_changed', `subject = '$on'`),
  ),
  accepted('a removed pattern is in the audit', DELETE, audited('pattern_removed', `subject = '$on'`)),
  accepted('a removed pattern is remembered', DELETE, `exists (select from removed_patterns where pattern_id = '$on')`),
  refused(
    'confidence is what the judgements say',
    `${agreed('$off')}; update decision_patterns set confidence_score = 0.9 where id = '$off'`,
  ),
  accepted(
    'judgements are counted',
    `${agreed('$off')}; ${REFRESH('$off')}`,
    `(select (confidence_score, agreed_count) = (0.6, 1) from decision_patterns where id = '$off')`,
  ),
];
