/** The frame around every section: navigation, banner, the section itself, and one place where news is said aloud. */
import { Suspense, useLayoutEffect, useRef } from 'react';
import { Link, Redirect, Route, Router, Switch, useLocation } from 'wouter';
import { Boundary } from '../parts/boundary.js';
import { Loading } from '../parts/loading.js';
import { NewsProvider } from '../parts/news.js';
import { usePerson } from '../server/person.js';
import { TimeZoneContext, useServerTimeZone } from '../server/reading.js';
import { useHashPath } from './address.js';
import { Banner } from './banner.js';
import { Navigation } from './navigation.js';
import { PatternSection, SECTIONS } from './sections.js';

export function Shell() {
  const timeZone = useServerTimeZone();
  return (
    <Router hook={useHashPath}>
      <TimeZoneContext value={timeZone}>
        <NewsProvider>
          <div className="shell">
            <Navigation />
            <div className="content">
              <Banner />
              <Main />
            </div>
          </div>
        </NewsProvider>
      </TimeZoneContext>
    </Router>
  );
}

function Main() {
  const person = usePerson();
  const [path] = useLocation();
  const main = useRef<HTMLElement>(null);
  const lastPath = useRef(path);
  // Before the section's own effects: one may know better where somebody was.
  useLayoutEffect(() => {
    if (lastPath.current === path) return;
    lastPath.current = path;
    // Another section is another page: whoever listens or uses the keyboard starts at its top.
    main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [path]);
  return (
    <main ref={main} tabIndex={-1}>
      <Boundary key={path}>
        <Suspense fallback={<Loading what="the section" />}>
          <Switch>
            <Route path="/">
              <Redirect to="/review" replace />
            </Route>
            {SECTIONS.filter(({ isFor }) => isFor?.(person) ?? true).map(({ path, Content }) => (
              <Route key={path} path={path} component={Content} />
            ))}
            <Route path="/pattern/:id" component={PatternSection} />
            <Route>
              <h1>There is no such section</h1>
              <p>
                <Link href="/review">Go to Review</Link>
              </p>
            </Route>
          </Switch>
        </Suspense>
      </Boundary>
    </main>
  );
}
