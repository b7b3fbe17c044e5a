import { configChange, onlyStopsLearning, presentConfig, updateConfig } from '../lib/change-config.js';
import { preflight } from '../lib/http/cors.js';
import { endpoint } from '../lib/http/endpoint.js';

export const GET = endpoint({ access: 'viewer', run: presentConfig });
export const PATCH = endpoint({
  access: 'admin',
  isCounted: ({ values }) => !onlyStopsLearning(values),
  body: configChange,
  run: ({ body, caller }) => updateConfig(body, caller.actor),
});
export const OPTIONS = preflight;
