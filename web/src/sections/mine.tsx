/** Learned from me: an operator sees every exchange that was learned from their own replies, and where it went. The law: only what the server credits to this person's Quo user. */
import './why-not/turns.css';
import { useState } from 'react';
import { Choice } from '../parts/choice.js';
import { Empty } from '../parts/empty.js';
import { SectionTitle } from '../parts/section-title.js';
import { useIs, usePerson } from '../server/person.js';
import { TurnList } from './why-not/list.js';
import type { Filter } from './why-not/reading.js';

type List = 'learned' | 'marked';

const LISTS = [
  { value: 'learned', name: 'Learned' },
  { value: 'marked', name: 'Not to be learned' },
] as const;
const FILTERS: Record<List, Filter> = { learned: { learned: 'true' }, marked: { reason: 'dont_learn' } };
const EMPTY: Record<List, { title: string; hint: string }> = {
  learned: {
    title: 'Nothing was learned from you yet.',
    hint: 'When learning is on and you answer a customer’s question, the exchange stands here within seconds.',
  },
  marked: {
    title: 'No reply of yours is marked “don’t learn”.',
    hint: 'What you take back from the list of what was learned stands here, and can be given back.',
  },
};

export default function Mine() {
  const { operatorId } = usePerson();
  const mayRead = useIs('operator');
  const [shown, setShown] = useState<List>('learned');
  return (
    <>
      <SectionTitle
        title="Learned from me"
        purpose="Every reply of yours that something was learned from, and the pattern it went to. What should not be learned, you can take back."
      />
      {operatorId === null ? (
        <Empty title="Your token belongs to no one who answers texts.">
          <p>An admin can make you a token that carries your Quo user, under Safety, People.</p>
        </Empty>
      ) : (
        <>
          {!mayRead && (
            <p className="notice before-list" data-tone="attention">
              Your token is a viewer’s: you see what was learned, without the texts.
            </p>
          )}
          <Choice label="Which replies" options={LISTS} value={shown} onChange={setShown} />
          <TurnList filter={{ operator: operatorId, ...FILTERS[shown] }} empty={EMPTY[shown]} />
        </>
      )}
    </>
  );
}
