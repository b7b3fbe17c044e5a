/**
 * The shapes of the server's answers, taken from its own description. The law: nothing here is written by hand, so that the
 * page cannot believe in a field that the server does not send.
 */
import type { components, paths } from './openapi.js';

type Answered<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } };
}
  ? Body
  : never;

export type Pattern = components['schemas']['Pattern'];
export type Gate = components['schemas']['Gate'];
export type Problem = components['schemas']['Problem'];
export type Exchange = components['schemas']['Exchange'];
export type Incident = components['schemas']['Incident'];

export type PatternPage = Answered<'/api/patterns'>;
export type Counts = PatternPage['counts'];
export type PatternDetail = Answered<'/api/patterns/{id}'>;
export type Config = Answered<'/api/config'>;
export type Monitoring = Extract<Answered<'/api/monitoring'>, { window: string }>;
export type Health = Exclude<Answered<'/api/monitoring'>, { window: string }>;
export type ExchangePage = Extract<Answered<'/api/exchanges'>, { exchanges: unknown; nextCursor: unknown }>;
export type IncidentPage = Extract<Answered<'/api/incidents'>, { incidents: unknown }>;
export type AuditPage = Extract<Answered<'/api/incidents'>, { audit: unknown }>;
export type Person = Answered<'/api/session'>;
export type Role = Person['role'];

export type PatternQuery = NonNullable<paths['/api/patterns']['get']['parameters']['query']>;
/** The states that the list can be asked for. */
export type Status = NonNullable<PatternQuery['status']>;
export type Sort = NonNullable<PatternQuery['sort']>;
export type Flag = Pattern['flags'][number];

/**
 * The same with everything optional: the page says "unknown" where an answer lacks something, an older server's for example,
 * and never guesses.
 */
export type Loose<T> = T extends (infer Item)[]
  ? Loose<Item>[]
  : T extends object
    ? { [Key in keyof T]?: Loose<T[Key]> | null }
    : T;
