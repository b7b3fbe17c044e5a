/** One place where the outcome of an act is said, aloud and at the foot of the page. The law: it repeats what the section shows too, so nobody misses anything when it goes. */
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react';
import { CloseIcon } from './icons.js';

/** null puts away what was said before. */
type Say = (news: string | null) => void;

/** Long enough to be read twice. */
const SHOWN_MS = 10_000;

const NewsContext = createContext<Say>(() => {});

/** @returns `say('It is switched off.')`; for what the server confirmed. A refusal stands where it happened: see `Failure` */
export function useNews(): Say {
  return useContext(NewsContext);
}

export function NewsProvider({ children }: { children: ReactNode }) {
  const [news, setNews] = useState<{ text: string } | null>(null);
  const say = useCallback((text: string | null) => setNews(text === null ? null : { text }), []);
  useEffect(() => {
    if (!news) return;
    const timer = setTimeout(() => setNews(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [news]);
  return (
    <NewsContext value={say}>
      {children}
      {/* It stands there before it has words: only then are they read aloud. */}
      <div className="news" role="status">
        {news !== null && (
          <>
            <p>{news.text}</p>
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
