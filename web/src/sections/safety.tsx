/** Safety: stop everything, see why something stopped, and who may do what. The law: the state shown is the one that the server confirmed last. */
import './safety/safety.css';
import { SectionTitle } from '../parts/section-title.js';
import { useIs } from '../server/person.js';
import { Audit } from './safety/audit.js';
import { Incidents } from './safety/incidents.js';
import { KillSwitch } from './safety/kill-switch.js';
import { People } from './safety/people.js';
import { Settings } from './safety/settings.js';
import { Watchdog } from './safety/watchdog.js';

export default function SafetySection() {
  return (
    <>
      <SectionTitle title="Safety" purpose="Stop everything, see what was stopped and why, and set the rules." />
      <div className="safety">
        <KillSwitch />
        <Watchdog />
        <Incidents />
        <Settings />
        {useIs('admin') && <People />}
        <Audit />
      </div>
    </>
  );
}
