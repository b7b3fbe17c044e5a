/** Learned from me: an operator sees every exchange that was learned from their own replies, and where it went. The law: only what the server credits to this person's Quo user. */
import './why-not/turns.css';
import { Empty } from '../parts/empty.js';
import { SectionTitle } from '../parts/section-title.js';
import { useIs, usePerson } from '../server/person.js';
import { TurnList } from './why-not/list.js';

export default function Mine() {
  const { operatorId } = usePerson();
  const mayRead = useIs('operator');
  return (
    <>
      <SectionTitle
        title="Learned from me"
        purpose="Every reply of yours that something was learned from, and the pattern it went to. What should not be learned, take back with one press."
      />
      {operatorId === null ? (
        <Empty title="Your token belongs to no one who answers texts.">
          <p>An admin can make you a token that carries your Quo user, under Safety, People.</p>
        </Empty>
      ) : (
        <>
          {!mayRead && (
            <p className="notice" data-tone="attention">
              Your token is a viewer’s: you see what was learned, without the texts.
            </p>
          )}
          <TurnList
            filter={{ operator: operatorId, learned: 'true' }}
            empty={{
              title: 'Nothing was learned from you yet.',
              hint: 'When learning is on and you answer a customer’s question, the exchange stands here within seconds.',
            }}
          />
        </>
      )}
    </>
  );
}
