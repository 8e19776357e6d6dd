/** What the suites share: a project of a test's own, and the unmodified client for it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import OpenAI from 'openai';
import { type ReelmockProject, startReelmock } from 'reelmock';
import { inject } from 'vitest';

export const server = await startReelmock({ url: inject('reelmock') });

export function clientOf({ url, apiKey }: ReelmockProject, webhookSecret?: string): OpenAI {
  const secret = webhookSecret === undefined ? {} : { webhookSecret };
  return new OpenAI({ baseURL: url, apiKey, maxRetries: 0, ...secret });
}

export function stage() {
  const project = server.project();
  return { project, client: clientOf(project) };
}

/** What is thrown where something does not hold, or is refused. */
export async function failure(claim: Promise<unknown>) {
  return claim.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: Error & { status?: number; code?: string }) => error,
  );
}

/** A handler of webhooks, and what it was sent. */
export async function receiver() {
  const came: { headers: IncomingHttpHeaders; body: string }[] = [];
  const statuses: number[] = [];
  const listening = createServer(async (request, response) => {
    came.push({ headers: request.headers, body: await text(request) });
    response.writeHead(statuses.shift() ?? 204).end();
  }).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const close = async () => {
    listening.close();
    listening.closeAllConnections();
    await once(listening, 'close');
  };
  const url = `http://127.0.0.1:${port}/hook`;
  return { url, port, came, statuses, [Symbol.asyncDispose]: close };
}

/** A program of its own, up to its first line. */
export async function launched(source: string) {
  const words = ['--input-type=module', '--eval', source];
  const program = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(program, 'exit');
  const [line] = (await once(program.stdout.setEncoding('utf8'), 'data')) as [string];
  return { program, ended, line: line.trim() };
}

/** Whether a server answers there. */
export async function answers(address: string): Promise<boolean> {
  return fetch(`${address}/_reelmock/health`).then((answer) => answer.ok, () => false);
}
