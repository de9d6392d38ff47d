// The file that every helper thread of the studio runs: waits for a start, works until it is sent home, waits again.
import { type HelperStart, serveCrew } from 'crashbar';

addEventListener('message', (event: MessageEvent<HelperStart>) => serveCrew(event.data));
