import { preflight } from '../lib/http/cors.js';
import { endpoint } from '../lib/http/endpoint.js';
import { preview, previewRequest } from '../lib/preview.js';

/** Try a text: what would happen and why. A POST, so that the text stands in no address and no access log. */
export const POST = endpoint({ access: 'operator', body: previewRequest, run: ({ body }) => preview(body) });
export const OPTIONS = preflight;
