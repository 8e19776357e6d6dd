/** A project in the hands of a test, driven by the unmodified client. */
import { writeFileSync } from 'node:fs';
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { clientOf, failure, server, stage } from './stage.js';

const AN_HOUR = 3600;

test('a video is created, its time passes, and it is downloaded', async () => {
  const { project, client } = stage();
  const begun = await project.clock.freeze(new Date('2026-03-12T12:00:00Z'));
  const video = await client.videos.create({ prompt: 'A kite over the sea', seconds: '4' });
  const passed = await project.clock.advance(300);
  const done = await client.videos.retrieve(video.id);
  const content = await client.videos.downloadContent(video.id);
  const film = Buffer.from(await content.arrayBuffer());

  expect([begun.now, begun.state]).toEqual(['2026-03-12T12:00:00Z', 'frozen']);
  expect(passed.happened.map((one) => one.what)).toEqual(['video.in_progress', 'video.completed']);
  expect([video.status, done.status]).toEqual(['queued', 'completed']);
  expect(film.toString('latin1', 4, 8)).toBe('ftyp');
  expect(done.expires_at).toBe(done.completed_at! + AN_HOUR);
});

test('the clock stands, goes on and runs faster', async () => {
  const { project } = stage();
  await project.clock.freeze('2026-03-12T12:00:00Z');
  await project.clock.advance(90.5);

  expect(await project.clock.now()).toEqual(new Date('2026-03-12T12:01:30.500Z'));
  expect(await project.clock.isFrozen()).toBe(true);
  expect((await project.clock.speed(60)).speed).toBe(60);
  expect((await project.clock.resume()).state).toBe('running');
});

test('two projects know nothing of each other', async () => {
  const [mine, yours] = [stage(), stage()];
  await mine.project.clock.freeze('2026-03-12T12:00:00Z');
  await mine.project.faults.add({ operation: 'listVideos', status: 503 });
  const video = await mine.client.videos.create({ prompt: 'Mine' });

  expect((await yours.client.videos.list()).data).toEqual([]);
  expect((await failure(yours.client.videos.retrieve(video.id))).status).toBe(404);
  expect(await yours.project.clock.isFrozen()).toBe(false);
  expect(await yours.project.journal.count({ operation: 'createVideo' })).toBe(0);
  expect(await mine.project.journal.count({ operation: 'createVideo' })).toBe(1);
});

test('the same key is the same project', async () => {
  const { project, client } = stage();
  await client.videos.create({ prompt: 'A kite' });

  await server.project(project.apiKey).assertCalled('createVideo', { times: 1 });
  await server.project(project.apiKey, 'another').assertNotCalled('createVideo');
});

test('a project that the client names is a part of whose data it is', async () => {
  const project = server.project('sk-named', 'proj_shop');
  const client = new OpenAI({ baseURL: project.url, apiKey: 'sk-named', project: 'proj_shop' });
  await client.videos.create({ prompt: 'A shop' });

  await project.assertCalled('createVideo', { times: 1 });
  expect(project.env).toEqual({
    OPENAI_BASE_URL: server.url, OPENAI_API_KEY: 'sk-named', OPENAI_PROJECT_ID: 'proj_shop',
  });
});

test('a video is completed, failed, moved and expired by call', async () => {
  const { project, client } = stage();
  await project.setTerms({ pace: 'manual' });
  const make = async () => (await client.videos.create({ prompt: 'A kite' })).id;
  const [first, second, third] = [await make(), await make(), await make()];
  const moderated = await project.fail(second, { code: 'moderation_blocked' });

  expect((await project.complete(first)).status).toBe('completed');
  expect(moderated.error?.code).toBe('moderation_blocked');
  expect((await project.progress(third, 40)).progress).toBe(40);
  expect((await client.videos.retrieve(third)).status).toBe('in_progress');
  expect((await project.videos()).map((one) => one.id)).toEqual([third, second, first]);
  expect((await project.expire(first)).status).toBe('completed');
  expect((await failure(client.videos.downloadContent(first))).status).toBe(404);
});

test('terms hold for one project, until they are given back', async () => {
  const { project, client } = stage();
  const none = { pace: null, contract: null, dialect: null };
  expect(await project.terms()).toEqual(none);
  const own = { contract: 'standard', pace: 'instant' } as const;
  expect(await project.setTerms(own)).toEqual({ ...none, ...own });

  const lax = { prompt: 'A kite', seconds: '5' } as unknown as OpenAI.VideoCreateParams;
  expect((await client.videos.create(lax)).seconds).toBe('5');
  expect(await project.setTerms(null)).toEqual(none);
  expect((await failure(client.videos.create(lax))).status).toBe(400);
});

test('a scenario holds by its name, its text and its file', async () => {
  const { project, client } = stage();
  await project.clock.freeze();
  const plan = '{fail: {code: out_of_tape, message: Gone.}, at: 20, render: 10}';
  const text = `rules:\n  - name: never\n    plan: ${plan}\n`;
  writeFileSync('never.yaml', text);
  const endOf = async () => {
    const { id } = await client.videos.create({ prompt: 'A kite' });
    await project.clock.advance(AN_HOUR);
    return (await client.videos.retrieve(id)).error?.code;
  };

  await project.scenario('fails-at-99');
  expect(await endOf()).toBe('video_generation_failed');
  for (const written of [text, './never.yaml', new URL('never.yaml', import.meta.url)]) {
    await project.scenario(written);
    expect(await endOf()).toBe('out_of_tape');
  }
  expect(Object.values(await project.scenarios.applied())).toEqual([1]);
  await project.scenarios.clear();
  expect(await endOf()).toBe(undefined);
});

test('what videos would have cost is told, and bounded', async () => {
  const { project, client } = stage();
  const video = await client.videos.create({ prompt: 'A kite', seconds: '4' });
  const spent = await project.spend();

  expect([spent.usd, spent.videos, spent.budget]).toEqual([0.4, { [video.id]: 0.4 }, null]);
  expect((await project.setBudget(0.5)).budget).toBe(0.5);
  const refused = await failure(client.videos.create({ prompt: 'One more' }));
  expect(refused.code).toBe('insufficient_quota');
});

test('a project is kept in a file, emptied, and restored', async () => {
  const { project, client } = stage();
  const [made] = await project.preload([{ prompt: 'A kite', seconds: 4, status: 'completed' }]);
  await project.faults.add({ status: 500 });
  const bytes = await project.snapshot();
  const cleared = await project.reset({ keep: ['faults'] });

  expect([cleared.videos, cleared.kept]).toEqual([1, ['faults']]);
  expect(await project.faults.list()).toHaveLength(1);
  await project.faults.clear();
  expect((await client.videos.list()).data).toEqual([]);
  const other = server.project();
  expect((await other.restore(bytes)).map((one) => one.videos)).toEqual([1]);
  expect((await clientOf(other).videos.retrieve(made!.id)).status).toBe('completed');
});
