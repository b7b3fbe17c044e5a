// Listening where this machine, and nobody else, can reach it: 127.0.0.1, and ::1 because `localhost` may mean either.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Refusal } from './refusal.js';

export type Listening = { port: number; close(limitMs: number, settle: () => Promise<void>): Promise<void> };

/** Throws a Refusal when the port is taken. `port` 0 takes any free one. */
export async function listen(listener: RequestListener, port: number): Promise<Listening> {
  const main = await open(listener, port, '127.0.0.1');
  const actual = (main.address() as AddressInfo).port;
  const servers = [main];
  try {
    servers.push(await open(listener, actual, '::1'));
  } catch (error) {
    // A machine without IPv6 does without; another program there would answer in our place.
    if (error instanceof Refusal) {
      main.close();
      throw error;
    }
  }
  return {
    port: actual,
    async close(limitMs, settle) {
      const closed = Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
      for (const server of servers) server.closeIdleConnections();
      const finished = settle().then(() => {
        for (const server of servers) server.closeIdleConnections();
      });
      await Promise.race([finished, new Promise(resolve => setTimeout(resolve, limitMs).unref())]);
      for (const server of servers) server.closeAllConnections();
      await closed;
    },
  };
}

/** Says early that a port is taken, before seconds go into a database. */
export async function requireFreePort(port: number): Promise<void> {
  const { close } = await listen(() => {}, port);
  await close(0, async () => {});
}

function open(listener: RequestListener, port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(listener);
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        reject(new Refusal(`Port ${port} is already in use: stop what runs there, or set PORT.`));
      else if (error.code === 'EACCES')
        reject(new Refusal(`Port ${port} may not be used: set PORT to one above 1024.`));
      else reject(error);
    });
    server.listen(port, host, () => resolve(server));
  });
}
