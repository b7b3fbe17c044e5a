/** Every call of the API, with what it answers when it succeeds. Who may call and what is accepted stand with the functions themselves. */
import type * as z from 'zod';
import * as answers from './answers.js';

export type Call = {
  summary: string;
  status: number;
  /** null: no body. */
  answer: z.ZodType | null;
  /** What a 503 may be besides a problem. */
  unwell?: z.ZodType;
  /** Problems beyond those that every call of its kind may answer. */
  problems?: readonly number[];
};

export const CALLS: Record<string, Call> = {
  'POST /api/webhook': {
    summary: "Quo's deliveries, of both signature schemes",
    status: 200,
    answer: answers.delivery,
    problems: [413],
  },
  'GET /api/patterns': {
    summary: 'The patterns, page by page; `format` exports all that fit the filters (csv: text/csv)',
    status: 200,
    answer: answers.patternPage,
  },
  'GET /api/patterns/{id}': {
    summary: 'One pattern with its exchanges, versions and audit',
    status: 200,
    answer: answers.patternDetail,
  },
  'PATCH /api/patterns/{id}': {
    summary: 'Edit, restore or merge; new words are a new, inactive version',
    status: 200,
    answer: answers.pattern,
    problems: [409],
  },
  'DELETE /api/patterns/{id}': { summary: 'Retire: kept, inactive, can be restored', status: 204, answer: null },
  'POST /api/patterns/{id}/toggle': {
    summary: 'Activate or renew (admins), deactivate (operators)',
    status: 200,
    answer: answers.pattern,
    problems: [409],
  },
  'GET /api/config': { summary: 'The settings, with default and safest value', status: 200, answer: answers.config },
  'PATCH /api/config': {
    summary: 'Change settings; loosening one needs a reason',
    status: 200,
    answer: answers.config,
    problems: [409],
  },
  'GET /api/monitoring': {
    summary:
      'Monitoring; `view=health` for a probe, without signing in; `format=openmetrics` (application/openmetrics-text)',
    status: 200,
    answer: answers.monitoring.or(answers.health),
    unwell: answers.health,
  },
  'HEAD /api/monitoring': { summary: 'As GET, without the body', status: 200, answer: null },
  'POST /api/preview': {
    summary: 'What would be done with this text; nothing is written',
    status: 200,
    answer: answers.preview,
  },
  'GET /api/exchanges': {
    summary: 'Recent customer turns: what would have been said, or why not; `customer` exports what is held of one',
    status: 200,
    answer: answers.exchangePage.or(answers.heldOfCustomer),
    problems: [403],
  },
  'DELETE /api/exchanges': {
    summary: 'Erase a customer: every text of theirs, and what was learned from them alone',
    status: 200,
    answer: answers.erased,
    problems: [409],
  },
  'PATCH /api/exchanges': {
    summary: 'Mark an exchange or a thread as not to be learned, or take the mark away',
    status: 200,
    answer: answers.marked,
    problems: [404],
  },
  'GET /api/incidents': {
    summary: 'Incidents, kill switch and lease; `view=audit` the audit',
    status: 200,
    answer: answers.incidentPage.or(answers.auditPage),
  },
  'POST /api/incidents': {
    summary: 'Roll back now, run the watchdog, restore, release',
    status: 200,
    answer: answers.incidentAct,
    problems: [404, 409],
  },
  'GET /api/session': { summary: 'Who am I?', status: 200, answer: answers.person },
  'POST /api/session': {
    summary: 'Sign in with a token or the code of a one-time link; sets the session cookie',
    status: 200,
    answer: answers.person,
    problems: [401, 403, 429],
  },
  'DELETE /api/session': { summary: 'Sign out', status: 204, answer: null, problems: [403] },
  'GET /api/tokens': { summary: 'The access tokens; never the secrets', status: 200, answer: answers.tokenList },
  'POST /api/tokens': { summary: 'Make an access token; shown once', status: 201, answer: answers.newToken },
  'DELETE /api/tokens': {
    summary: 'Revoke a token: it opens nothing from the next request on',
    status: 204,
    answer: null,
    problems: [404],
  },
  'GET /api/cron/safety': {
    summary: 'The watchdog: check everything; roll back if anything executed',
    status: 200,
    answer: answers.watchdogRun,
  },
};
