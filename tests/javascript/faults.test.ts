/** Faults on demand, and what the server refuses to be told. */
import OpenAI from 'openai';
import { ReelmockError } from 'reelmock';
import { expect, test } from 'vitest';
import { failure, stage } from './stage.js';

test('a fault is met as often as it was armed for', async () => {
  const { project, client } = stage();
  const fault = await project.faults.add({
    operation: 'listVideos', status: 503, retry_after: 2, times: 2,
  });
  const errors = [await failure(client.videos.list()), await failure(client.videos.list())];

  expect(errors.map((one) => one instanceof OpenAI.InternalServerError)).toEqual([true, true]);
  expect((await client.videos.list()).data).toEqual([]);
  expect(await project.faults.served(fault)).toBe(2);
  expect((await project.journal.entries()).map((one) => one.status)).toEqual([503, 503, 200]);
});

test('a download that ends early is no download', async () => {
  const { project, client } = stage();
  const [{ id } = { id: '' }] = await project.preload([{ prompt: 'A kite' }]);
  const cut = { truncate: 0.5, length: 'short', times: 1 } as const;
  await project.faults.add({ operation: 'getVideoContent', ...cut });
  const bytes = async () => (await (await client.videos.downloadContent(id)).blob()).size;
  const half = await bytes();

  expect(await project.journal.wasDownloaded(id)).toBe(false);
  const failed = await failure(project.assertDownloaded(id));
  expect(failed.message).toBe(
    `The video of ${id} was not downloaded: #1 getVideoContent GET /v1/videos/${id}/content -> 200.`,
  );
  expect(half).toBe(Math.floor((await bytes()) / 2));
  await project.assertDownloaded(id);
  const other = await failure(project.assertDownloaded(id, 'spritesheet'));
  expect(other.message).toMatch(/^The spritesheet of/);
});

test('a fault is disarmed by its id and by what was told of it', async () => {
  const { project, client } = stage();
  await project.faults.remove((await project.faults.add({ name: 'a', status: 500 })).id);
  await project.faults.remove(await project.faults.add({ status: 500 }));
  const fault = await project.faults.add({ status: 500, expires_in: 60 });
  await project.faults.clear();

  expect(await project.faults.add(fault)).toEqual(fault);
  expect(await project.faults.clear()).toBe(1);
  expect((await client.videos.list()).data).toEqual([]);
});

test('what the server refuses says what to write instead', async () => {
  const { project } = stage();
  const wrong = await failure(project.faults.add({ statuses: 503 } as object));
  const unknown = await failure(project.complete('video_none'));

  expect(wrong instanceof ReelmockError && unknown instanceof ReelmockError).toBe(true);
  const { hint, status, message, name } = wrong as ReelmockError;
  expect([status, name]).toEqual([400, 'ReelmockError']);
  expect(message).toMatch(/statuses.*status/s);
  expect(message.endsWith(hint)).toBe(true);
  expect((unknown as ReelmockError).status).toBe(404);
  const backwards = await failure(project.clock.advance(-1));
  expect(backwards.message).toMatch(/seconds: .*greater than or equal to 0/);
  const misnamed = await failure(project.scenario('stuk'));
  expect(misnamed.message).toMatch(/'stuk' is no name of a ready-made scenario/);
});
