/** A switch for something that the server decides. The law: it stands where the server says, never where it was pressed to. */
import { Switch } from '@base-ui/react/switch';

type OnOffProps = {
  /** What it switches, for whoever cannot see what it stands beside. */
  label: string;
  /** The state that the server confirmed last. */
  isOn: boolean;
  /** Asks for the other state. */
  onPress: (wanted: boolean) => void;
  /** The server has not answered yet. */
  isPending?: boolean;
  isDisabled?: boolean;
};

export function OnOff({ label, isOn, onPress, isPending = false, isDisabled = false }: OnOffProps) {
  return (
    <span className="on-off" data-pending={isPending || undefined}>
      <Switch.Root
        className="switch"
        checked={isOn}
        onCheckedChange={wanted => onPress(wanted)}
        readOnly={isPending}
        disabled={isDisabled}
        aria-busy={isPending}
        aria-label={label}
      >
        <Switch.Thumb className="thumb" />
      </Switch.Root>
      <span aria-hidden="true">{isPending ? 'Asking…' : isOn ? 'On' : 'Off'}</span>
    </span>
  );
}
