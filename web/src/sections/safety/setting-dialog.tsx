/** Changes one setting. Whether it needs a reason, and whether it may be, the server says; its words stand here until it has agreed. */
import { type FormEvent, useState } from 'react';
import { Choice } from '../../parts/choice.js';
import { Dialog } from '../../parts/dialog.js';
import { Failure } from '../../parts/failure.js';
import { useNews } from '../../parts/news.js';
import { useAct } from '../../server/act.js';
import { api, ask } from '../../server/client.js';
import { hasSafest, kindOf, nameSetting, saySetting } from './setting-words.js';
import type { Entry } from './settings.js';

const MOST_REASON = 1_000;
const UNITS: Record<string, string> = { share: 'percent', minutes: 'minutes', hours: 'hours', days: 'days' };

export function SettingDialog({ entry, onClose }: { entry: Entry | null; onClose: () => void }) {
  return (
    <Dialog title={entry ? nameSetting(entry.key) : 'Setting'} isOpen={entry !== null} onClose={onClose}>
      {entry && <SettingForm entry={entry} onClose={onClose} />}
    </Dialog>
  );
}

type Value = Entry['value'];

function SettingForm({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const { key } = entry;
  const [text, setText] = useState(() => writeValue(key, entry.value));
  const [reason, setReason] = useState('');
  const [isMissing, setMissing] = useState(false);
  const say = useNews();
  const changing = useAct({
    act: (value: Value) =>
      ask(
        api.PATCH('/api/config', {
          body: { values: { [key]: value }, ...(reason.trim() !== '' && { reason: reason.trim() }) },
        }),
      ),
    onConfirmed: config => {
      say(`${nameSetting(key)}: ${saySetting(key, config.values[key])}.`);
      onClose();
    },
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    const value = readValue(key, entry.value, text);
    setMissing(value === null);
    if (value !== null) changing.mutate(value);
  }

  return (
    <form className="stack" onSubmit={submit} noValidate>
      <p className="muted">
        Now: {saySetting(key, entry.value)}. Default: {saySetting(key, entry.default)}.
        {hasSafest(key) && ` Safest: ${saySetting(key, entry.safest)}.`}
      </p>
      <Field entry={entry} text={text} onChange={setText} isMissing={isMissing} />
      <div>
        <label htmlFor="setting-reason">Reason</label>
        <textarea
          id="setting-reason"
          rows={2}
          maxLength={MOST_REASON}
          value={reason}
          onChange={event => setReason(event.target.value)}
          aria-describedby="setting-reason-help"
        />
        <p className="muted small" id="setting-reason-help">
          Needed for whatever makes it less safe.
        </p>
      </div>
      {changing.error && <Failure what="The server did not change it." error={changing.error} />}
      <div className="actions">
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" className="primary" disabled={changing.isPending}>
          {changing.isPending ? 'Asking the server…' : 'Save'}
        </button>
      </div>
    </form>
  );
}

type FieldProps = { entry: Entry; text: string; onChange: (text: string) => void; isMissing: boolean };

function Field({ entry, text, onChange, isMissing }: FieldProps) {
  const kind = kindOf(entry.key, entry.value);
  if (kind === 'on-off') {
    return (
      <Choice
        label={nameSetting(entry.key)}
        options={[
          { value: 'true', name: 'On' },
          { value: 'false', name: 'Off' },
        ]}
        value={text}
        onChange={onChange}
      />
    );
  }
  const isNumber = typeof entry.value === 'number';
  return (
    <div>
      <label htmlFor="setting-value">New value{UNITS[kind] ? `, in ${UNITS[kind]}` : ''}</label>
      <input
        id="setting-value"
        value={text}
        onChange={event => onChange(event.target.value)}
        inputMode={isNumber ? 'decimal' : undefined}
        autoComplete="off"
        list={kind === 'zone' ? 'zones' : undefined}
        aria-invalid={isMissing}
        aria-describedby={isMissing ? 'setting-missing' : undefined}
      />
      {kind === 'zone' && (
        <datalist id="zones">
          {Intl.supportedValuesOf('timeZone').map(zone => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
      )}
      {isMissing && (
        <p className="error" id="setting-missing" role="alert">
          {kind === 'share' ? 'Enter a number from 0 to 100.' : isNumber ? 'Enter a number.' : 'Enter a value.'}
        </p>
      )}
    </div>
  );
}

/** Shares are asked for in percent, as everywhere on the page. */
function writeValue(key: string, value: Value): string {
  return kindOf(key, value) === 'share' ? String(Number((Number(value) * 100).toFixed(2))) : String(value);
}

/** @returns null where the text is none of this setting's kind; other bounds are the server's business */
function readValue(key: string, former: Value, text: string): Value | null {
  const said = text.trim();
  if (typeof former === 'boolean') return said === 'true';
  if (typeof former === 'string') return said === '' ? null : said;
  const number = Number(said.replace(',', '.'));
  if (said === '' || !Number.isFinite(number)) return null;
  if (kindOf(key, former) !== 'share') return number;
  return number < 0 || number > 100 ? null : Number((number / 100).toFixed(4));
}
