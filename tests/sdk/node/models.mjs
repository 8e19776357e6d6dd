/** The catalogue as models. */
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { matches, refused } from './expect.mjs';

export const models = {
  async 'list'(client, made) {
    made.models = {};
    for await (const model of client.models.list()) made.models[model.id] = model;
    for (const id of ['sora-2', 'sora-2-pro']) matches(made.models[id], { id, object: 'model' });
  },

  async 'retrieve'(client, made) {
    assert.deepEqual(await client.models.retrieve('sora-2'), made.models['sora-2']);
  },

  async 'delete is refused'(client) {
    const words = { status: 403 };
    await refused(() => client.models.delete('sora-2'), OpenAI.PermissionDeniedError, words);
    matches(await client.models.retrieve('sora-2'), { id: 'sora-2' });
  },
};
