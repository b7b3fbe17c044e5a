/** Pattern: everything that is behind one. The law: what is shown of its words, its past and its shadow decisions is what the server kept, none of it is worked out here. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import { Failure } from '../parts/failure.js';
import { Loading } from '../parts/loading.js';
import { SectionTitle } from '../parts/section-title.js';
import { Text } from '../parts/text.js';
import { Card } from '../patterns/card.js';
import { type OpenDialog, PatternDialog } from '../patterns/dialogs.js';
import { api, ask } from '../server/client.js';
import { Refusal } from '../server/refusal.js';
import { Audit } from './pattern/audit.js';
import { Exchanges } from './pattern/exchanges.js';
import { Findings } from './pattern/findings.js';
import { ShadowDecisions } from './pattern/shadow-decisions.js';
import { Versions } from './pattern/versions.js';
import './pattern/pattern.css';

export default function PatternSection() {
  const { id = '' } = useParams<{ id: string }>();
  const { data, error, refetch } = useQuery({
    queryKey: ['pattern', id],
    queryFn: ({ signal }) => ask(api.GET('/api/patterns/{id}', { params: { path: { id } }, signal })),
  });
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const isGone = error instanceof Refusal && (error.status === 404 || error.status === 422);
  return (
    <>
      <p className="no-print">
        <Link href="/review" className="back">
          ← Review
        </Link>
      </p>
      <SectionTitle title="Pattern" />
      {error && isGone && (
        <Failure
          what="There is no such pattern."
          error={
            new Error('It may have gone with the only exchange that it was learned from, or the address is not whole.')
          }
        />
      )}
      {error && !isGone && <Failure what="The pattern could not be loaded." error={error} retry={refetch} />}
      {!data && !error && <Loading what="the pattern" />}
      {data && !isGone && (
        <div className="pattern-page">
          <div className="card">
            <Card pattern={data} onDialog={(name, pattern) => setDialog({ name, pattern })} isAlone />
          </div>
          {data.notes && (
            <div className="card">
              <h2>Notes</h2>
              <p>
                <Text>{data.notes}</Text>
              </p>
            </div>
          )}
          <Findings pattern={data} />
          <Exchanges pattern={data} />
          <ShadowDecisions patternId={data.id} />
          <Versions pattern={data} />
          <Audit entries={data.audit} />
          <PatternDialog open={dialog} onClose={() => setDialog(null)} />
        </div>
      )}
    </>
  );
}
