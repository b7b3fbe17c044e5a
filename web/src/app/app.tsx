/** Decides between the form for signing in and the sections. The law: without a person whom the server confirmed, no section is drawn. */
import { useQuery } from '@tanstack/react-query';
import { Failure } from '../parts/failure.js';
import { PersonProvider } from '../server/person.js';
import { SESSION_KEY } from '../server/query-client.js';
import type { Session } from '../server/session.js';
import { Shell } from './shell.js';
import { SignIn } from './sign-in.js';

export function App() {
  const { data, error, refetch, isFetching } = useQuery<Session>({ queryKey: SESSION_KEY });
  if (data?.person) {
    return (
      <PersonProvider person={data.person}>
        <Shell />
      </PersonProvider>
    );
  }
  if (data) return <SignIn reason={data.reason} />;
  return (
    <main className="narrow">
      <h1>V3-PLS</h1>
      {error && !isFetching ? (
        <Failure what="Whether you are signed in is not known." error={error} retry={refetch} />
      ) : (
        <p role="status">Signing in…</p>
      )}
    </main>
  );
}
