/** Which key does what, and the way to switch the keys off. */
import { Dialog } from '../../parts/dialog.js';
import { OnOff } from '../../parts/on-off.js';
import { useIs } from '../../server/person.js';
import { KEYS } from './keys.js';

type HelpDialogProps = { onClose: () => void; areKeysOn: boolean; onKeys: (areOn: boolean) => void };

export default function HelpDialog({ onClose, areKeysOn, onKeys }: HelpDialogProps) {
  const isAdmin = useIs('admin');
  return (
    <Dialog title="Keys" isOpen onClose={onClose}>
      <dl className="keys">
        {KEYS.filter(([, , isForAdmins]) => isAdmin || !isForAdmins).map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p className="muted">They act on the pattern with the frame, and mean nothing while you write.</p>
      <div className="row">
        <OnOff label="Keys" isOn={areKeysOn} onPress={onKeys} />
        <span>Use these keys in this browser</span>
      </div>
    </Dialog>
  );
}
