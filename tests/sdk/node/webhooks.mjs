/**
 * Webhook endpoints. This client has no methods for them yet, so they are asked for by
 * path; what they are sent, it unwraps.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import OpenAI from 'openai';
import { matches, refused } from './expect.mjs';

const ALL = '/webhook_endpoints';
const TYPES = ['video.completed', 'video.failed'];

/** What one endpoint receives while a call lasts: headers and body of each request. */
async function received(call) {
  const came = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    came.push({ headers: request.headers, body });
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await call(server.address().port);
  } finally {
    server.closeAllConnections();
    server.close();
  }
  return came;
}

export const webhooks = {
  async 'create'(client, made) {
    const body = { name: 'shop', url: 'https://shop.example/hooks', event_types: TYPES };
    made.endpoint = await client.post(ALL, { body });

    matches(made.endpoint, { object: 'webhook_endpoint', ...body });
    assert.match(made.endpoint.signing_secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  },

  async 'retrieve and list'(client, made) {
    const { signing_secret, ...shown } = made.endpoint;
    assert.ok(signing_secret.endsWith(shown.signing_secret_hint.slice(-4)));
    assert.deepEqual(await client.get(`${ALL}/${shown.id}`), shown);

    const page = await client.get(ALL, { query: { limit: 1 } });
    const { id } = shown;
    assert.deepEqual(page, {
      object: 'list', data: [shown], first_id: id, has_more: false, last_id: id,
    });
  },

  async 'test: what is sent is unwrapped'(client, made) {
    const { id, signing_secret } = made.endpoint;
    const body = { event_type: 'video.failed' };
    const all = await received(async (port) => {
      await client.post(`${ALL}/${id}`, { body: { url: `http://127.0.0.1:${port}/` } });
      const answer = { status_code: 200, success: true, webhook_endpoint_id: id };
      matches(await client.post(`${ALL}/${id}/test`, { body }), { ...body, ...answer });
    });
    // A video of an earlier step may end just now, and be told of too.
    const came = all.find(({ body }) => JSON.parse(body).type === 'video.failed');
    const event = await client.webhooks.unwrap(came.body, came.headers, signing_secret);

    matches(event, { object: 'event', type: 'video.failed' });
    assert.match(event.data.id, /^video_/);
    const wrong = `whsec_${'A'.repeat(43)}=`;
    await assert.rejects(client.webhooks.unwrap(came.body, came.headers, wrong));
  },

  async 'rotate the secret'(client, made) {
    const path = `${ALL}/${made.endpoint.id}/rotate_secret`;
    const body = { keep_old_secret_active_for_24_hours: true };
    const rotated = await client.post(path, { body });

    matches(rotated, { id: made.endpoint.id, name: 'shop' });
    assert.notEqual(rotated.signing_secret, made.endpoint.signing_secret);
    assert.notEqual((await client.post(path)).signing_secret, rotated.signing_secret);
  },

  async 'event types'(client) {
    const { object, data } = await client.get('/webhook_event_types');
    assert.equal(object, 'list');
    for (const type of TYPES) assert.ok(data.includes(type));
  },

  async 'delete'(client, made) {
    const { id } = made.endpoint;
    const gone = { id, object: 'webhook_endpoint.deleted', deleted: true };
    assert.deepEqual(await client.delete(`${ALL}/${id}`), gone);

    const words = { status: 404, message: `404 No such webhook endpoint: '${id}'.` };
    await refused(() => client.get(`${ALL}/${id}`), OpenAI.NotFoundError, words);
  },
};
