/** The videos of the core: create, retrieve, list, download, remix, delete. */
import assert from 'node:assert/strict';
import OpenAI, { toFile } from 'openai';
import { bytesOf, completed, isNew, lengthOf, matches, refused } from './expect.mjs';

const DEFAULTS = { model: 'sora-2', seconds: '4', size: '720x1280' };

export const videos = {
  async 'create without a file'(client, made) {
    const fields = { prompt: 'A kite over the sea', model: 'sora-2-pro', seconds: '8', size: '1280x720' };
    made.pro = isNew(await client.videos.create(fields), fields);
  },

  async 'create by JSON'(client, made) {
    const body = { prompt: 'A boat at dawn' };
    made.first = isNew(await client.post('/videos', { body }), { ...DEFAULTS, ...body });
  },

  async 'retrieve until completed'(client, made) {
    made.first = await completed(client, made.first);
  },

  async 'download every variant'(client, made) {
    made.film = await bytesOf(client, made.first);
    made.still = await bytesOf(client, made.first, 'thumbnail', 'image/webp');
    const sheet = await bytesOf(client, made.first, 'spritesheet', 'image/jpeg');

    assert.equal(made.film.toString('latin1', 4, 8), 'ftyp');
    assert.equal(lengthOf(made.film), 4);
    assert.equal(made.still.toString('latin1', 8, 12), 'WEBP');
    assert.equal(sheet.readUInt16BE(0), 0xffd8);
  },

  async 'create with a file'(client, made) {
    const input_reference = await toFile(made.still, 'still.webp', { type: 'image/webp' });
    const video = await client.videos.create({ prompt: 'It moves', input_reference });
    made.last = isNew(video, { ...DEFAULTS, prompt: 'It moves' });
  },

  async 'create with a picture in a URL'(client, made) {
    const image_url = `data:image/webp;base64,${made.still.toString('base64')}`;
    const video = await client.videos.create({ prompt: 'It flies', input_reference: { image_url } });
    made.flying = isNew(video, { ...DEFAULTS, prompt: 'It flies' });
  },

  async 'list page by page'(client, made) {
    const order = [made.flying, made.last, made.first, made.pro].map((video) => video.id);
    const seen = [];
    for await (const video of client.videos.list({ limit: 3 })) seen.push(video.id);
    const page = await client.videos.list({ limit: 3, order: 'asc' });
    const next = await page.getNextPage();

    assert.deepEqual(seen, order);
    assert.deepEqual([page, next].map((one) => one.data.map((video) => video.id)),
      [order.slice(1).reverse(), order.slice(0, 1)]);
    assert.deepEqual([page.has_more, next.has_more, next.hasNextPage()], [true, false, false]);
  },

  async 'remix'(client, made) {
    const source = await completed(client, made.pro);
    const remix = await client.videos.remix(source.id, { prompt: 'The same by night' });
    const { model, seconds, size } = source;
    isNew(remix, { model, seconds, size, prompt: 'The same by night', remixed_from_video_id: source.id });
    await completed(client, remix);
  },

  async 'delete'(client, made) {
    const { id } = await completed(client, made.flying);
    const gone = await client.videos.delete(id);

    matches(gone, { id, object: 'video.deleted', deleted: true });
    const words = { status: 404, message: `404 Video with id '${id}' not found.` };
    await refused(() => client.videos.retrieve(id), OpenAI.NotFoundError, words);
  },
};
