/** One server for all workers: each joins it, and every test has a project of its own. */
import { startReelmock } from 'reelmock';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    reelmock: string;
  }
}

export default async function setup({ provide }: TestProject) {
  const server = await startReelmock({ pace: 'realistic' });
  provide('reelmock', server.address);
  return () => server.stop();
}
