/**
 * Drives every operation with the official client against OPENAI_BASE_URL, and prints
 * one JSON line a step; the first that is not so ends the program.
 */
import OpenAI from 'openai';
import { derived } from './derived.mjs';
import { files } from './files.mjs';
import { models } from './models.mjs';
import { refusals } from './refusals.mjs';
import { videos } from './videos.mjs';
import { webhooks } from './webhooks.mjs';

globalThis.File ??= (await import('node:buffer')).File; // as the client asks of Node 18

/** What went over the socket: the method and path of each request, once. */
const asked = new Set();
const base = process.env.OPENAI_BASE_URL;

function watched(url, init) {
  const path = String(url).slice(base.length).replace(/\?.*/, '');
  asked.add(`${(init?.method ?? 'get').toUpperCase()} ${path}`);
  return fetch(url, init);
}

const client = new OpenAI({ maxRetries: 0, timeout: 60_000, fetch: watched });

/** What later steps take over from earlier ones. */
const made = {};

const rooms = { videos, derived, files, models, webhooks, refusals };

for (const [room, steps] of Object.entries(rooms)) {
  for (const [step, take] of Object.entries(steps)) {
    await take(client, made);
    console.log(JSON.stringify({ room, step }));
  }
}
console.log(JSON.stringify({ asked: [...asked] }));
