/** One pattern to decide on: what customers asked, what staff answer, what speaks for it, its state and its switch. */
import { memo } from 'react';
import { Link } from 'wouter';
import type { Pattern } from '../contract.js';
import { Failure } from '../parts/failure.js';
import { Template } from '../parts/text.js';
import { useIs } from '../server/person.js';
import { useRestore, useRetire, useToggle } from './acts.js';
import { Evidence } from './evidence.js';
import { Flags } from './flags.js';
import { Gates } from './gates.js';
import { PatternSwitch, State } from './state.js';
import { Variants } from './variants.js';
import { WordsOfPattern } from './words-of-pattern.js';
import './patterns.css';

export type DialogName = 'edit' | 'retire' | 'merge';

type CardProps = {
  pattern: Pattern;
  onDialog: (name: DialogName, pattern: Pattern) => void;
  /** On its own page a pattern needs no way to it. */
  isAlone?: boolean;
};

/** Not drawn again while its pattern is the same object: a list of many stays quick. */
export const Card = memo(function Card({ pattern, onDialog, isAlone = false }: CardProps) {
  const isAdmin = useIs('admin');
  const toggle = useToggle(pattern);
  const restore = useRestore(pattern);
  const retire = useRetire(pattern);
  const { status, isActive } = pattern;
  const isRetired = status === 'retired';
  const refused = [toggle, restore, retire].find(act => act.error);
  return (
    <div className="pattern" data-state={status}>
      <div className="pattern-top">
        <State pattern={pattern} />
        <PatternSwitch pattern={pattern} toggle={toggle} />
      </div>
      {refused?.error && <Failure what="The server did not do it." error={refused.error} since={refused.since} />}
      <WordsOfPattern
        pattern={pattern}
        title={
          isAlone ? undefined : (
            <h2 className="question">
              <Link href={`/pattern/${pattern.id}`}>
                <Template isCut>{pattern.triggerText}</Template>
              </Link>
            </h2>
          )
        }
      >
        {!isAlone && <Variants pattern={pattern} />}
      </WordsOfPattern>
      <Flags flags={pattern.flags} isOpen={isAlone} />
      <Evidence pattern={pattern} />
      <div className="pattern-foot">
        <Gates pattern={pattern} isOpen={isAlone} />
        {(isAdmin || !isAlone) && (
          <div className="pattern-acts no-print">
            {isAdmin && !isRetired && (
              <>
                <button type="button" data-act="edit" onClick={() => onDialog('edit', pattern)}>
                  Edit
                </button>
                <button type="button" data-act="merge" onClick={() => onDialog('merge', pattern)}>
                  Merge
                </button>
                {/* It can be restored in one press, so it asks only where an approved answer would go with it. */}
                <button
                  type="button"
                  data-act="retire"
                  disabled={retire.isPending}
                  onClick={() => (isActive ? onDialog('retire', pattern) : retire.mutate())}
                >
                  Retire
                </button>
                {isActive && (
                  <button type="button" onClick={() => toggle.mutate(true)} disabled={toggle.isPending}>
                    Renew
                  </button>
                )}
              </>
            )}
            {isAdmin && isRetired && (
              <button type="button" data-act="restore" onClick={() => restore.mutate()} disabled={restore.isPending}>
                {restore.isPending ? 'Asking the server…' : 'Restore'}
              </button>
            )}
            {!isAlone && (
              <Link className="button" href={`/pattern/${pattern.id}`}>
                Open
              </Link>
            )}
          </div>
        )}
      </div>
    </div>
  );
});
