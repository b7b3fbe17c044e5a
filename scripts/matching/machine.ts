// On what, when and beside how much other work something was measured; a figure without it says little.
import { cpus, loadavg, release, totalmem, type } from 'node:os';

export function describeMachine(now = new Date()): string {
  const cores = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  return `${now.toISOString().slice(0, 10)}, ${cores.length} cores of ${cores[0]?.model.trim()}, ${memory}, ${type()} ${release().split('-')[0]}, Node ${process.versions.node}, load ${loadavg()[0]!.toFixed(1)}`;
}
