/** One place where the outcome of an act is said, aloud and at the foot of the page, until the next one or until it is put away. */
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';
import { CloseIcon } from './icons.js';

type Say = (news: string) => void;

const NewsContext = createContext<Say>(() => {});

/** @returns `say('It is switched off.')`; for what the server confirmed. A refusal stands where it happened: see `Failure` */
export function useNews(): Say {
  return useContext(NewsContext);
}

export function NewsProvider({ children }: { children: ReactNode }) {
  const [news, setNews] = useState<string | null>(null);
  const say = useCallback((text: string) => setNews(text), []);
  return (
    <NewsContext value={say}>
      {children}
      {/* It stands there before it has words: only then are they read aloud. */}
      <div className="news" role="status">
        {news !== null && (
          <>
            <p>{news}</p>
            <button type="button" className="icon plain" onClick={() => setNews(null)}>
              <CloseIcon />
              <span className="unseen">Put this message away</span>
            </button>
          </>
        )}
      </div>
    </NewsContext>
  );
}
