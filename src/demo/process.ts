/** The target's process: opened by `startDemoTarget`, gone when its parent is gone. */
import type { CountsDemand, TargetMessage } from './messages.js';
import { openTarget } from './target.js';

process.on('disconnect', () => process.exit());
process.on('SIGINT', () => {}); // Ctrl-C reaches the whole group, and the parent still wants to finish its round

const target = await openTarget();

process.on('message', ({ number }: CountsDemand) => tell({ type: 'counts', number, counts: target.counts() }));
tell({ type: 'ready', httpPort: target.http.port, httpsPort: target.https.port, ca: target.ca });

function tell(message: TargetMessage): void {
  process.send?.(message);
}
