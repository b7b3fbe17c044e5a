/** Why not?: recent customer turns with what it would have said beside what was said, or the gate that said no. The law: every reason is the server's; here it only gets words. */
import './why-not/turns.css';
import { useQuery } from '@tanstack/react-query';
import { goTo, useAddressQuery } from '../app/address.js';
import { SectionTitle } from '../parts/section-title.js';
import { Template } from '../parts/text.js';
import { api, ask } from '../server/client.js';
import { useIs } from '../server/person.js';
import { showPlainly } from '../text.js';
import { Filters } from './why-not/filters.js';
import { TurnList } from './why-not/list.js';
import { readFilter, writeFilter } from './why-not/reading.js';

export default function WhyNot() {
  const filter = readFilter(useAddressQuery());
  const maySeeTexts = useIs('operator');
  const change = (next: typeof filter) => goTo(`/why-not${writeFilter(next)}`, { replace: true });
  return (
    <>
      <SectionTitle
        title="Why not?"
        purpose="What customers wrote, what it would have said, what staff said, and why it stayed silent."
      />
      {!maySeeTexts && (
        <p className="notice before-list" data-tone="attention">
          Texts are shown to operators and admins. You see what was decided and why.
        </p>
      )}
      <Filters filter={filter} onChange={change} />
      {filter.patternId && (
        <OnlyPattern id={filter.patternId} onAll={() => change({ ...filter, patternId: undefined })} />
      )}
      <TurnList
        filter={filter}
        empty={
          Object.values(filter).some(Boolean)
            ? { title: 'No turn fits these filters.', hint: 'Choose “Any” in one of them to see more.' }
            : {
                title: 'No customer has written yet.',
                hint: 'As soon as a text arrives on your line, it stands here with what would have been said.',
              }
        }
      />
    </>
  );
}

/** The list is about one pattern alone. */
function OnlyPattern({ id, onAll }: { id: string; onAll: () => void }) {
  const { data } = useQuery({
    queryKey: ['pattern', id],
    queryFn: ({ signal }) => ask(api.GET('/api/patterns/{id}', { params: { path: { id } }, signal })),
  });
  return (
    <div className="notice row only">
      <p>
        Only what has to do with the pattern{' '}
        <strong>{data ? <Template>{data.triggerText}</Template> : showPlainly(id.slice(0, 8))}</strong>
      </p>
      <button type="button" onClick={onAll}>
        Show all
      </button>
    </div>
  );
}
