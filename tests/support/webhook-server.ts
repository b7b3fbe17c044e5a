// An address to which a local Quo can deliver: plain HTTP before any handler of Requests, api/webhook's say.
import { listen } from '../../scripts/server/listen.js';

export type WebhookServer = { url: string; close(): Promise<void> };

export async function startWebhookServer(
  handle: (request: Request) => Response | Promise<Response>,
): Promise<WebhookServer> {
  const { port, close } = await listen(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as [string, string]);
    const request = new Request(`http://localhost${incoming.url}`, {
      method: 'POST',
      headers,
      body: Buffer.concat(chunks),
    });
    const response = await handle(request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  }, 0);
  return { url: `http://127.0.0.1:${port}/api/webhook`, close: () => close(0, async () => undefined) };
}
