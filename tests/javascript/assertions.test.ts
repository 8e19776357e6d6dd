/** Claims of a project: what they let pass, and what they say when they do not hold. */
import { AssertionError } from 'node:assert';
import type { Expected, ReelmockProject } from 'reelmock';
import { beforeAll, expect, test } from 'vitest';
import { failure, stage } from './stage.js';

let project: ReelmockProject;
let id: string;

beforeAll(async () => {
  const made = stage();
  project = made.project;
  await project.clock.freeze();
  await project.faults.add({ operation: 'deleteVideo', status: 503, times: 1 });
  const fields = { seconds: '8', size: '1280x720' } as const;
  ({ id } = await made.client.videos.create({ prompt: 'A sunset over the bay', ...fields }));
  for (const _ of [1, 2, 3]) await made.client.videos.retrieve(id);
  await made.client.videos.create({ prompt: 'A kite', model: 'sora-2-pro' });
  await failure(made.client.videos.delete(id));
});

test.each<Expected>([
  {},
  { prompt: 'A sunset over the bay' },
  { prompt: /sunset/ },
  { prompt: /SUNSET/gi },
  { prompt: { contains: 'sunset', startsWith: 'A ' }, seconds: 8 },
  { prompt: { endsWith: 'bay' }, size: { oneOf: ['1280x720', '720x1280'] } },
  { seconds: { gte: 8, lt: 12 }, prompt: { not: 'A kite' } },
  { body: { size: '1280x720' }, path: '/v1/videos', status: 200, method: 'POST' },
  { input_reference: null, headers: { 'User-Agent': { contains: 'OpenAI' } } },
])('a call like %j was made', async (expected) => {
  await project.assertCalled('createVideo', expected);
});

test('calls are counted, repeated polls each', async () => {
  await project.assertCalled('getVideo', { times: 3, video: id });
  await project.assertCalled('createVideo', { times: 2 });
  await project.assertCalled('createvideo' as 'createVideo', { times: 1, prompt: 'A kite' });
  await project.assertNotCalled('createVideo', { prompt: 'A boat' });
  await project.assertOrder(['createVideo', 'getVideo', 'getVideo', 'createVideo', 'deleteVideo']);
  expect(await project.journal.order()).toEqual([
    'createVideo', 'getVideo', 'createVideo', 'deleteVideo',
  ]);
});

test('a claim that does not hold shows the closest call', async () => {
  const failed = await failure(project.assertCalled('createVideo', { times: 1, prompt: /sunrise/ }));
  const other = await failure(
    project.assertCalled('createVideo', { prompt: 'A sunset over the sea', seconds: { gt: 8 } }),
  );
  const deleted = await failure(project.assertCalled('deleteVideo', { status: 200, video: id }));

  expect(failed instanceof AssertionError).toBe(true);
  expect(failed.message).toBe(
    'createVideo with { prompt: a match of /sunrise/ } was called 0 times, expected once. ' +
      'The closest call: #3 createVideo POST /v1/videos -> 200; ' +
      'body.prompt is "A kite", expected a match of /sunrise/.',
  );
  expect(other.message).toMatch(
    'The closest call: #1 createVideo POST /v1/videos -> 200; ' +
      'body.prompt is "A sunset over the bay", expected "A sunset over the sea"; ' +
      'body.seconds is "8", expected one above 8.',
  );
  expect(deleted.message).toMatch(
    `The closest call: #4 deleteVideo DELETE /v1/videos/${id} -> 503; status is 503, expected 200.`,
  );
});

test('a claim of numbers says how often it was', async () => {
  const polled = await failure(project.assertCalled('getVideo', { times: 2 }));
  const silent = await failure(stage().project.assertCalled('createVideo'));
  const unordered = await failure(project.assertOrder(['deleteVideo', 'createVideo']));

  expect(polled.message).toBe(
    'getVideo was called 3 times, expected 2 times. ' +
      `The last one: #2 getVideo GET /v1/videos/${id} -> 200 x3.`,
  );
  expect(silent.message).toBe(
    'createVideo was called 0 times, expected at least once. The journal is empty.',
  );
  expect(unordered.message).toBe(
    'There was no createVideo after deleteVideo. ' +
      'There was: createVideo, getVideo, createVideo, deleteVideo.',
  );
});

test('an operation that there is not is no claim', async () => {
  const wrong = 'createVideos' as 'createVideo';
  const words = /^There is no operation 'createVideos'\. It is one of: createVideo, /;
  expect((await failure(project.assertNotCalled(wrong))).message).toMatch(words);
  expect((await failure(project.assertOrder([wrong]))).message).toMatch(words);
});

test('the closest call is the one that the server finds', async () => {
  for (const prompt of ['A sunset over the sea', 'A kit', 'sora', 'A']) {
    const json = { operation: 'createVideo', body: { prompt } };
    const answer = await fetch(`${project.url.replace(/\/v1$/, '')}/_reelmock/journal/closest`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${project.apiKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(json),
    });
    const found = (await answer.json()) as { entry: { number: number }; differences: string[] };
    const ours = await project.journal.closest('createVideo', { prompt });

    expect(found.entry.number).toBe(ours.entry?.number);
    expect(found.differences.map((one) => one.replaceAll("'", '"'))).toEqual(ours.differences);
  }
});

test('warnings of the contract and what was spent are claimed', async () => {
  const { project: other, client } = stage();
  await other.setTerms({ contract: 'standard' });
  await other.assertNoContractWarnings();
  await other.assertSpendBelow(0.01);
  await client.post('/videos', { body: { prompt: 'A kite', seconds: 5 } });

  const warned = await failure(other.assertNoContractWarnings());
  const [head, line] = warned.message.split('\n');
  expect(head).toBe('The contract let pass what the hosted service refused:');
  expect(line).toMatch(/^  #1 createVideo POST \/v1\/videos -> 200: \S+: /);
  await other.assertSpendBelow(0.51);
  expect((await failure(other.assertSpendBelow(0.5))).message).toBe(
    '1 video would have cost $0.50, which is not below $0.50: sora-2 $0.50.',
  );
});

test('a journal that forgot something is not asked to swear', async () => {
  const { project: other, client } = stage();
  for (const _ of Array(1001)) await client.models.list();

  expect((await failure(other.journal.count({ operation: 'listModels' }))).message).toMatch(
    /^This cannot be said: the journal was full and forgot exchanges \(1 of listModels\)/,
  );
  await other.assertCalled('listModels');
  await expect(other.assertCalled('listModels', { times: 1000 })).rejects.toThrow(/cannot be said/);
  await other.assertNotCalled('createVideo');
  expect(await other.journal.clear()).toBe(1000);
  expect(await other.journal.count()).toBe(0);
});
