import { answer, jsonResponse } from '../lib/http/answer.js';
import { readBody } from '../lib/http/body.js';
import { declare } from '../lib/http/endpoint.js';
import { Problem } from '../lib/http/problem.js';
import { receiveDelivery } from '../lib/receive-delivery.js';

const BODY_LIMIT_BYTES = 1024 * 1024;

/** Quo's deliveries. 2xx means durable; any doubt about the sender is one and the same 401. Never 500: a fault is a 503, and Quo tries again. */
export const POST = declare({ access: 'signature', hasId: false, query: null, body: null }, async request => {
  const response = await answer(request, async () => {
    const raw = await readBody(request, BODY_LIMIT_BYTES);
    if (!raw) throw new Problem('too_large', 'A delivery may have 1 MiB.');
    const result = await receiveDelivery(request.headers, raw, new Date());
    if (result.status === 'refused') throw new Problem('unauthorized');
    return jsonResponse(result);
  });
  if (response.status !== 500) return response;
  return answer(request, () => Promise.reject(new Problem('unavailable')));
});
