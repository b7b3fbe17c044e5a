/** The ways to the sections: a column beside the page on a desk, a bar in reach of the thumb on a phone. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useRoute } from 'wouter';
import { MoreIcon } from '../parts/icons.js';
import { usePerson } from '../server/person.js';
import { forgetAnswers, SESSION_KEY } from '../server/query-client.js';
import { signOut } from '../server/session.js';
import { SECTIONS, type Section } from './sections.js';

/** As many as fit beside "More" at 360 px with whole words. */
const IN_BAR = 4;
const MORE = 'more-sections';

export function Navigation() {
  const person = usePerson();
  const sections = SECTIONS.filter(({ isFor }) => isFor?.(person) ?? true);
  return (
    <>
      <nav className="side" aria-label="Sections">
        <p className="brand">V3-PLS</p>
        <ul>
          {sections.map(section => (
            <li key={section.path}>
              <SectionLink section={section} name={section.name} />
            </li>
          ))}
        </ul>
        <Account />
      </nav>
      <nav className="bar" aria-label="Sections">
        <ul>
          {sections.slice(0, IN_BAR).map(section => (
            <li key={section.path}>
              <SectionLink section={section} name={section.shortName} />
            </li>
          ))}
          <li>
            <button type="button" className="plain" popoverTarget={MORE}>
              <MoreIcon />
              More
            </button>
          </li>
        </ul>
        <div id={MORE} popover="auto" className="more">
          <ul>
            {sections.slice(IN_BAR).map(section => (
              <li key={section.path}>
                <SectionLink section={section} name={section.name} onGo={closeMore} />
              </li>
            ))}
          </ul>
          <Account />
        </div>
      </nav>
    </>
  );
}

function closeMore(): void {
  document.getElementById(MORE)?.hidePopover();
}

function SectionLink({ section, name, onGo }: { section: Section; name: string; onGo?: () => void }) {
  const [isHere] = useRoute(section.path);
  return (
    <Link href={section.path} aria-current={isHere ? 'page' : undefined} onClick={onGo}>
      {section.icon}
      <span>{name}</span>
    </Link>
  );
}

/** Who is signed in, and the way out. */
function Account() {
  const { name, role } = usePerson();
  const client = useQueryClient();
  const leaving = useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      client.setQueryData(SESSION_KEY, { person: null, reason: null });
      forgetAnswers(client);
    },
  });
  return (
    <div className="account">
      <p>
        <span className="muted">Signed in as</span> {name === role ? name : `${name} (${role})`}
      </p>
      {leaving.error && (
        <p className="error" role="alert">
          You are still signed in. {leaving.error.message}
        </p>
      )}
      <button type="button" onClick={() => leaving.mutate()} disabled={leaving.isPending}>
        Sign out
      </button>
    </div>
  );
}
