/** The mixer's page. */
import { openPlayerPage } from './player-page.ts';

openPlayerPage(() => null);
