/** Videos made of videos, and the characters in them. */
import assert from 'node:assert/strict';
import { createReadStream, writeFileSync } from 'node:fs';
import { toFile } from 'openai';
import { bytesOf, completed, isNew, lengthOf, matches } from './expect.mjs';

const clip = (made) => toFile(made.film, 'boat.mp4', { type: 'video/mp4' });

/** Completed, and as long as it says. */
async function lasts(client, video) {
  await completed(client, video);
  assert.equal(String(lengthOf(await bytesOf(client, video))), video.seconds);
}

function isCharacter(character, name) {
  assert.match(character.id, /^char_/);
  assert.ok(Number.isInteger(character.created_at));
  matches(character, { name });
  return character;
}

export const derived = {
  async 'edit by id'(client, made) {
    const { id, model, seconds, size } = made.first;
    const edit = await client.videos.edit({ prompt: 'As a woodcut', video: { id } });
    isNew(edit, { model, seconds, size, prompt: 'As a woodcut' });
    await lasts(client, edit);
  },

  async 'edit an uploaded file'(client, made) {
    const fields = { prompt: 'As a watercolour', model: 'sora-2' }; // the guide's field
    const edit = await client.videos.edit({ ...fields, video: await clip(made) });
    isNew(edit, { ...fields, seconds: '4', size: '720x1280' });
    await lasts(client, edit);
  },

  async 'extend by id'(client, made) {
    const { id, model, size } = made.first;
    const fields = { prompt: 'It lands', seconds: '8' };
    const longer = await client.videos.extend({ ...fields, video: { id } });
    isNew(longer, { model, size, prompt: 'It lands', seconds: '12' });
    await lasts(client, longer);
  },

  async 'extend a streamed file'(client, made) {
    writeFileSync('boat.mp4', made.film);
    const fields = { prompt: 'It sinks', seconds: '4' };
    const longer = await client.videos.extend({ ...fields, video: createReadStream('boat.mp4') });
    isNew(longer, { prompt: 'It sinks', seconds: '8', size: '720x1280' });
    await lasts(client, longer);
  },

  async 'create a character from a file'(client, made) {
    const video = await clip(made);
    made.mossy = isCharacter(await client.videos.createCharacter({ name: 'Mossy', video }), 'Mossy');
  },

  async 'create a character from a download'(client, made) {
    const download = await client.videos.downloadContent(made.first.id);
    const video = await toFile(download, 'ludo.mp4'); // else it is sent without a type
    made.ludo = isCharacter(await client.videos.createCharacter({ name: 'Ludo', video }), 'Ludo');
  },

  async 'retrieve a character'(client, made) {
    const { id, name, created_at } = made.mossy;
    matches(await client.videos.getCharacter(id), { id, name, created_at });
  },

  async 'create with characters'(client, made) {
    const characters = [made.mossy, made.ludo].map(({ id }) => ({ id }));
    const prompt = 'Mossy and Ludo share an umbrella';
    const video = isNew(await client.videos.create({ prompt, characters }), { prompt });
    await completed(client, video);
  },

  async 'create with a character by JSON'(client, made) {
    const body = { prompt: 'Mossy waves', characters: [{ id: made.mossy.id }] };
    isNew(await client.post('/videos', { body }), { prompt: body.prompt });
  },
};
