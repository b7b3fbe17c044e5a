import { configChange, presentConfig, updateConfig } from '../lib/change-config.js';
import { endpoint } from '../lib/http/endpoint.js';

export const GET = endpoint({ role: 'viewer', run: presentConfig });
export const PATCH = endpoint({
  role: 'admin',
  body: configChange,
  run: ({ body, caller }) => updateConfig(body, caller.name),
});
