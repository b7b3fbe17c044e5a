/** Reads a request's body once, as bytes, within a limit. */
import { Problem } from './problem.js';

/** Beyond the limit this much more is read and thrown away, so that the sender gets to read the answer. */
const DRAIN_BYTES = 16 * 1024 * 1024;

/** @returns the bytes, or null when there are more than `limit` of them */
export async function readBody(request: Request, limit: number): Promise<Uint8Array | null> {
  if (!request.body) return new Uint8Array();
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new Problem('malformed', 'The body broke off.');
    });
    if (done) break;
    size += value.byteLength;
    if (size <= limit) chunks.push(value);
    else if (size > DRAIN_BYTES) {
      await reader.cancel();
      break;
    }
  }
  return size > limit ? null : Buffer.concat(chunks, size);
}
