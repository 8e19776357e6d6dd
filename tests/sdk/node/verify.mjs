/**
 * Reads requests that a webhook handler was sent from standard input, a JSON line each, and
 * prints what the official client makes of it: the event, or the name of the error.
 */
import { createInterface } from 'node:readline';
import OpenAI from 'openai';

const { webhooks } = new OpenAI({ apiKey: 'sk-node', webhookSecret: process.env.OPENAI_WEBHOOK_SECRET });

for await (const line of createInterface({ input: process.stdin })) {
  const { body, headers } = JSON.parse(line);
  let made;
  try {
    await webhooks.verifySignature(body, headers);
    made = { event: await webhooks.unwrap(body, headers) };
  } catch (error) {
    made = { error: error.constructor.name, message: error.message };
  }
  console.log(JSON.stringify(made));
}
