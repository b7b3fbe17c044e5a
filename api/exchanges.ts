import { eraseCustomer, erasure } from '../lib/erase-customer.js';
import { preflight } from '../lib/http/cors.js';
import { endpoint } from '../lib/http/endpoint.js';
import { exchangeQuery, presentExchanges } from '../lib/list-exchanges.js';
import { dontLearnMark, markDontLearn } from '../lib/mark-dont-learn.js';

export const GET = endpoint({
  access: 'viewer',
  query: exchangeQuery,
  run: ({ query, caller }) => presentExchanges(query, caller),
});
export const PATCH = endpoint({
  access: 'operator',
  body: dontLearnMark,
  run: ({ body, caller }) => markDontLearn(body, caller.actor),
});
/** Erases a customer. */
export const DELETE = endpoint({
  access: 'admin',
  body: erasure,
  run: ({ body, caller }) => eraseCustomer(body.customer, caller.actor),
});
export const OPTIONS = preflight;
