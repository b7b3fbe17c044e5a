/** docs/openapi.json and the page's types say what the code says. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CALLS } from '../../lib/contract/calls.js';
import {
  API_FILE,
  describeApi,
  listDeclarations,
  TYPES_FILE,
  writeDescription,
  writeTypes,
} from '../../scripts/openapi.js';

it('the description and the types are those of this code: else run "npm run openapi" and commit what it writes', async () => {
  const api = await describeApi();
  expect(readFileSync(API_FILE, 'utf8')).toBe(writeDescription(api));
  expect(readFileSync(TYPES_FILE, 'utf8')).toBe(await writeTypes(api));
});

it('every call that a function declares is described, and no other', async () => {
  expect([...(await listDeclarations()).keys()].sort()).toEqual(Object.keys(CALLS).sort());
});

it('every reference leads somewhere, and every call says who may make it', async () => {
  const api = (await describeApi()) as { paths: Record<string, Record<string, Record<string, unknown>>> };
  const text = JSON.stringify(api);
  for (const [, pointer] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    let place: unknown = api;
    for (const step of pointer!.split('/')) place = (place as Record<string, unknown>)?.[step];
    expect(place, pointer).toBeDefined();
  }
  for (const [url, methods] of Object.entries(api.paths))
    for (const [method, call] of Object.entries(methods)) {
      expect(call.security, `${method} ${url}`).toBeInstanceOf(Array);
      expect(Object.keys(call.responses as object), `${method} ${url}`).toContain('503');
    }
});
