/** Who is looking, for every section. What a role may not do is not drawn; the server refuses it all the same. */
import { createContext, type ReactNode, useContext } from 'react';
import type { Person, Role } from '../contract.js';

const RANK: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

const PersonContext = createContext<Person | null>(null);

export function PersonProvider({ person, children }: { person: Person; children: ReactNode }) {
  return <PersonContext value={person}>{children}</PersonContext>;
}

/** @returns the person who is signed in: every section is drawn for somebody */
export function usePerson(): Person {
  const person = useContext(PersonContext);
  if (!person) throw new Error('usePerson is for what is drawn inside PersonProvider.');
  return person;
}

/** @returns whether the person has at least this role */
export function useIs(role: Role): boolean {
  return RANK[usePerson().role] >= RANK[role];
}
