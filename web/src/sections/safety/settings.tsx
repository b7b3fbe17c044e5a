/** The settings, each with its default and its safest value; admins change them, and the server decides. */
import { useState } from 'react';
import type { Config } from '../../contract.js';
import { Failure } from '../../parts/failure.js';
import { Loading } from '../../parts/loading.js';
import { Moment } from '../../parts/moment.js';
import { Text } from '../../parts/text.js';
import { useIs } from '../../server/person.js';
import { useConfig } from '../../server/reading.js';
import { showPlainly } from '../../text.js';
import { sayActor } from './audit-words.js';
import { SettingDialog } from './setting-dialog.js';
import { hasSafest, nameSetting, orderSettings, saySetting } from './setting-words.js';

export type Entry = Config['entries'][number];

/** This version knows no other value, and whoever tries is refused: there is nothing to press. */
const FIXED = ['shadow_mode'];

export function Settings() {
  const { data, error, isPending, refetch } = useConfig();
  const mayChange = useIs('admin');
  const [changing, setChanging] = useState<string | null>(null);
  return (
    <section className="card" aria-labelledby="settings">
      <h2 id="settings">Settings</h2>
      {isPending ? (
        <Loading what="the settings" cards={1} />
      ) : error ? (
        <Failure what="The settings are not known." error={error} retry={refetch} />
      ) : (
        <>
          <ul className="settings">
            {orderSettings(data.entries).map(entry => (
              <Setting
                key={entry.key}
                entry={entry}
                onChange={mayChange && !FIXED.includes(entry.key) ? () => setChanging(entry.key) : null}
              />
            ))}
          </ul>
          {mayChange && (
            <SettingDialog
              entry={data.entries.find(({ key }) => key === changing) ?? null}
              onClose={() => setChanging(null)}
            />
          )}
        </>
      )}
    </section>
  );
}

function Setting({ entry, onChange }: { entry: Entry; onChange: (() => void) | null }) {
  const { key, value, safest, description, updatedAt, updatedBy } = entry;
  const name = nameSetting(key);
  const isSafest = hasSafest(key) && value === safest;
  return (
    <li>
      <div className="setting-words">
        <h3>{name}</h3>
        <p className="muted small">
          {showPlainly(description)}.
          {FIXED.includes(key) && ' It cannot be switched off: there is no code that could send.'}
        </p>
        <p className="muted small">
          Default: {saySetting(key, entry.default)}
          {hasSafest(key) && ` · safest: ${saySetting(key, safest)}`}
          {updatedBy !== null && updatedBy !== 'migration' && (
            <>
              {' · changed by '}
              <Text>{sayActor(updatedBy)}</Text>, <Moment at={updatedAt} />
            </>
          )}
        </p>
      </div>
      <p className="setting-value number">
        <strong>{saySetting(key, value)}</strong>{' '}
        {isSafest && (
          <span className="badge" data-tone="calm">
            safest
          </span>
        )}
      </p>
      {onChange && (
        <button type="button" onClick={onChange}>
          Change<span className="unseen"> {name}</span>
        </button>
      )}
    </li>
  );
}
