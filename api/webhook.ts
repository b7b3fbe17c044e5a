import { readBody } from '../lib/http/body.js';
import { answer, jsonResponse } from '../lib/http/endpoint.js';
import { Problem } from '../lib/http/problem.js';
import { receiveDelivery } from '../lib/receive-delivery.js';

const BODY_LIMIT_BYTES = 1024 * 1024;

/** Quo's deliveries. 2xx means durable; any doubt about the sender is one and the same 401. Never 500: a fault is a 503, and Quo tries again. */
export async function POST(request: Request): Promise<Response> {
  const response = await answer(async () => {
    const raw = await readBody(request, BODY_LIMIT_BYTES);
    if (!raw) throw new Problem('too_large', 'A delivery may have 1 MiB.');
    const result = await receiveDelivery(request.headers, raw, new Date());
    if (result.status === 'refused') throw new Problem('unauthorized');
    return jsonResponse(result);
  });
  return response.status === 500 ? answer(async () => Promise.reject(new Problem('unavailable'))) : response;
}
