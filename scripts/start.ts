// `npm start`: the dev server on PORT.
import { serveUntilStopped } from './server/dev-server.js';
import { runScript } from './server/refusal.js';

runScript(async () => {
  const { url, signInLink } = await serveUntilStopped();
  console.log(`\nV3-PLS is ready: ${url}\nSign in as admin:  ${signInLink}\n`);
});
