/**
 * The answers that the page reads, as the server describes them. Everything is optional here on purpose: what an answer
 * does not say is shown as "unknown", never guessed.
 */
import type { components, paths } from './openapi.js';

type Loose<T> = T extends (infer Item)[]
  ? Loose<Item>[]
  : T extends object
    ? { [Key in keyof T]?: Loose<T[Key]> | null }
    : T;

type Answered<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } };
}
  ? Body
  : never;

export type Gate = Loose<components['schemas']['Gate']>;
export type Pattern = Loose<components['schemas']['Pattern']>;
export type PatternPage = Loose<Answered<'/api/patterns'>>;
export type Counts = NonNullable<PatternPage['counts']>;
export type Monitoring = Loose<Extract<Answered<'/api/monitoring'>, { window: string }>>;
export type Person = Answered<'/api/session'>;
export type Config = { values?: Record<string, unknown> | null };

/** The states that the list can be asked for. */
export type Status = NonNullable<NonNullable<paths['/api/patterns']['get']['parameters']['query']>['status']>;
