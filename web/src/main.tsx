/** Puts the page into its one element: the query client first, then whoever is signed in. */
import './style/base.css';
import './style/parts.css';
import './style/shell.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.js';
import { followOtherTabs, forgetAnswers, makeQueryClient, SESSION_KEY } from './server/query-client.js';
import { openSession, SIGNED_OUT, takeCredential } from './server/session.js';

const client = makeQueryClient(() => {
  client.setQueryData(SESSION_KEY, SIGNED_OUT);
  forgetAnswers(client);
});
followOtherTabs(client);

// Before anything is drawn, so that the secret never stands in the address while a section is shown.
let credential = takeCredential();
client.setQueryDefaults(SESSION_KEY, {
  queryFn: () => {
    const first = credential;
    credential = null;
    return openSession(first);
  },
  retry: false,
  staleTime: Number.POSITIVE_INFINITY,
});

addEventListener('hashchange', () => {
  const next = takeCredential();
  if (!next) return;
  credential = next;
  forgetAnswers(client);
  client.resetQueries({ queryKey: SESSION_KEY });
});

createRoot(document.querySelector('#page')!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
