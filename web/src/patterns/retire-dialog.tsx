/** Asks before an approved answer is retired: for it is switched off with it. */
import type { Pattern } from '../contract.js';
import { ReasonDialog } from '../parts/reason-dialog.js';
import { Template } from '../parts/text.js';
import { useRetire } from './acts.js';

export default function RetireDialog({ pattern, onClose }: { pattern: Pattern; onClose: () => void }) {
  const retire = useRetire(pattern, onClose);
  return (
    <ReasonDialog
      title="Retire an approved answer?"
      action="Retire it"
      isOpen
      hasReason={false}
      isDanger
      onClose={onClose}
      onConfirm={() => retire.mutate()}
      isPending={retire.isPending}
      error={retire.error}
    >
      <blockquote>
        <Template>{pattern.responseTemplate}</Template>
      </blockquote>
      <p>It is switched off and leaves the list of approved answers. It is kept, and can be restored, switched off.</p>
    </ReasonDialog>
  );
}
