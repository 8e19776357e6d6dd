/** Files, and a video that refers to one. */
import assert from 'node:assert/strict';
import OpenAI, { toFile } from 'openai';
import { isNew, matches, refused } from './expect.mjs';

const upload = async (client, bytes, name, more) =>
  client.files.create({ purpose: 'vision', file: await toFile(bytes, name), ...more });

export const files = {
  async 'upload'(client, made) {
    const expires_after = { anchor: 'created_at', seconds: 3600 };
    made.file = await upload(client, made.still, 'still.webp', { expires_after });

    assert.match(made.file.id, /^file-/);
    const size = { object: 'file', bytes: made.still.length, filename: 'still.webp' };
    matches(made.file, { ...size, purpose: 'vision', status: 'processed' });
    assert.equal(made.file.expires_at, made.file.created_at + 3600);
  },

  async 'retrieve'(client, made) {
    assert.deepEqual(await client.files.retrieve(made.file.id), made.file);
    assert.deepEqual(await client.files.waitForProcessing(made.file.id), made.file);
  },

  async 'list page by page'(client, made) {
    const note = await upload(client, Buffer.from('{}\n'), 'note.jsonl', { purpose: 'user_data' });
    const seen = [];
    for await (const file of client.files.list({ limit: 1, order: 'asc' })) seen.push(file.id);
    const notes = await client.files.list({ purpose: 'user_data' });

    assert.deepEqual(seen, [made.file.id, note.id]);
    assert.deepEqual(notes.data, [note]);
  },

  async 'download'(client, made) {
    const response = await client.files.content(made.file.id);
    assert.ok(made.still.equals(Buffer.from(await response.arrayBuffer())));
  },

  async 'create a video from a file'(client, made) {
    const input_reference = { file_id: made.file.id };
    const asked = { prompt: 'From a file', input_reference };
    isNew(await client.videos.create(asked), { prompt: 'From a file', size: '720x1280' });
    isNew(await client.post('/videos', { body: asked }), { prompt: 'From a file' });
  },

  async 'delete'(client, made) {
    const { id } = made.file;
    matches(await client.files.delete(id), { id, object: 'file', deleted: true });

    const words = { status: 404, message: `404 No such File object: ${id}` };
    await refused(() => client.files.retrieve(id), OpenAI.NotFoundError, words);
  },
};
