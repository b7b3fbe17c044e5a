/** Try a text: what would happen with it, and why. The law: nothing is written, here or on the server, and the page says so. */
import './try-a-text/try-a-text.css';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Empty } from '../parts/empty.js';
import { Failure } from '../parts/failure.js';
import { SectionTitle } from '../parts/section-title.js';
import { api, ask } from '../server/client.js';
import { useIs } from '../server/person.js';
import { Outcome, type Preview } from './try-a-text/outcome.js';

/** As long as the server takes one. */
const MOST_CHARACTERS = 5_000;

export default function TryAText() {
  return (
    <>
      <SectionTitle
        title="Try a text"
        purpose="Type what a customer might write, and see what would be said and why. Nothing is sent, stored or learned."
      />
      {useIs('operator') ? (
        <Trial />
      ) : (
        <Empty title="This is for operators and admins.">
          <p>
            The answer quotes what customers and staff wrote, and a viewer’s token does not open that. An admin can make
            you another.
          </p>
        </Empty>
      )}
    </>
  );
}

type Asked = { text: string; previousOperatorText?: string };

function Trial() {
  const text = useRef<HTMLTextAreaElement>(null);
  const before = useRef<HTMLTextAreaElement>(null);
  const [isMissing, setMissing] = useState(false);
  // Not an act: it changes nothing, so nothing has to be read anew after it.
  const trying = useMutation({
    mutationFn: (asked: Asked): Promise<Preview> => ask(api.POST('/api/preview', { body: asked })),
  });

  const result = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a phone the answer comes below what is seen.
    const top = result.current?.getBoundingClientRect().top ?? 0;
    if (trying.data && top > innerHeight / 2) result.current?.scrollIntoView({ block: 'start' });
  }, [trying.data]);

  function submit(event: FormEvent): void {
    event.preventDefault();
    const said = text.current?.value.trim() ?? '';
    const previous = before.current?.value.trim() ?? '';
    setMissing(said === '');
    if (said === '') text.current?.focus();
    else trying.mutate({ text: said, ...(previous !== '' && { previousOperatorText: previous }) });
  }

  return (
    <div className="trial">
      <form className="card stack" onSubmit={submit} noValidate>
        <div>
          <label htmlFor="try-text">Text from a customer</label>
          <textarea
            id="try-text"
            ref={text}
            rows={3}
            maxLength={MOST_CHARACTERS}
            required
            aria-invalid={isMissing}
            aria-describedby={isMissing ? 'try-missing' : undefined}
          />
          {isMissing && (
            <p className="error" id="try-missing" role="alert">
              Type a text first.
            </p>
          )}
        </div>
        <div>
          <label htmlFor="try-before">What staff wrote just before (may be left empty)</label>
          <textarea id="try-before" ref={before} rows={2} maxLength={MOST_CHARACTERS} />
        </div>
        <div className="actions">
          <button type="submit" className="primary" disabled={trying.isPending}>
            {trying.isPending ? 'Asking…' : 'Try'}
          </button>
        </div>
      </form>
      <section ref={result} aria-label="What would happen" aria-live="polite" aria-busy={trying.isPending}>
        {trying.error && <Failure what="It could not be tried." error={trying.error} />}
        {trying.data && <Outcome preview={trying.data} asked={trying.variables?.text ?? ''} />}
      </section>
    </div>
  );
}
