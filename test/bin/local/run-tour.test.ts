import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { runTour } from '../../../bin/local/run-tour.ts';
import { readTourFile } from '../../../bin/local/tour-file.ts';
import { releaseNames, type WorkingClone } from '../../../bin/local/working-clone.ts';
import { plain } from '../../../bin/view/paint.ts';
import type { Deployment } from '../../../functions/domain/deployment/deployment.ts';
import { until } from '../../support/until.ts';
import { aPlan, aPush } from '../view/records.ts';

let server: Server;
let url: string;
let served: number;
let status: number;

beforeAll(async () => {
  server = createServer((_request, response) => {
    served += 1;
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.close();
});

beforeEach(() => {
  served = 0;
  status = 200;
});

const twoMore = async () => {
  const before = served;
  await until('two requests', async () => served > before + 1);
};

/** Every push ends as it is told to, once the service has been asked again. */
const touring = async (
  endOf: (release: string) => Partial<Deployment> | undefined,
  during?: (release: string) => void,
) => {
  const pushed: string[] = [];
  const said: string[] = [];
  const deployments: Deployment[] = [];
  const clone: Pick<WorkingClone, 'pushRelease'> = {
    pushRelease: async (release) => {
      pushed.push(release);
      // Requests that were on their way when it was pushed have their answer by then.
      await twoMore();
      during?.(release);
      await twoMore();
      status = 200;
      const end = endOf(release);
      if (end) deployments.push(aPush({ version: release, ...end }));
      return release;
    },
  };
  const went = await runTour({
    slipway: { github: { settled: async () => {} }, url },
    clone,
    follower: { settled: async () => ({ deployments, rejections: [] }) },
    findPlan: async () => undefined,
    show: { note: (lines) => said.push(...lines) },
    paint: plain,
    signal: new AbortController().signal,
    everyMillis: 5,
  });
  return { went, pushed, said: said.join('\n') };
};

const asTold = (release: string): Partial<Deployment> => {
  const { mode, ends } = readTourFile('examples/shop/tour.yaml').find((each) => each.release === release) ?? {};
  if (!mode || !ends) throw new Error(`The tour does not tell ${release}`);
  return { status: ends, plan: { ...aPlan, mode } };
};

describe('The tour', () => {
  test('pushes every release in order, and went well when each came out as told and nothing was lost', async () => {
    const { went, pushed, said } = await touring(asTold);
    expect(went).toBe(true);
    expect(pushed).toEqual(releaseNames());
    for (const release of releaseNames()) expect(said).toMatch(new RegExp(`^${release} .* 0 +\\d+ ms`, 'm'));
  });

  test('may lose requests in the downtime', async () => {
    const { went, said } = await touring(asTold, (release) => {
      if (release === '05-large-prices') status = 503;
    });
    expect(went).toBe(true);
    expect(said).toMatch(/05-large-prices: .* requests got 503 Service Unavailable/);
  });

  test('did not go well when requests were lost elsewhere', async () => {
    const { went, pushed, said } = await touring(asTold, (release) => {
      if (release === '03-faster-search') status = 502;
    });
    expect(went).toBe(false);
    expect(pushed).toEqual(releaseNames());
    expect(said).toContain('✘ 03-faster-search lost requests in mode PARALLEL');
  });

  test('ends at a release that came out otherwise, with the table of those before', async () => {
    const { went, pushed, said } = await touring((release) =>
      release === '03-faster-search' ? { status: 'FAILED' } : asTold(release),
    );
    expect(went).toBe(false);
    expect(pushed).toEqual(releaseNames().slice(0, 3));
    expect(said).toContain('03-faster-search should have ended DONE in mode PARALLEL; it ended FAILED without a plan.');
    expect(said).toMatch(/^02-new-greeting +NOP/m);
  });

  test('ends at a push of which no deployment came', async () => {
    const { went, pushed, said } = await touring(() => undefined);
    expect(went).toBe(false);
    expect(pushed).toHaveLength(1);
    expect(said).toContain('No deployment came of 01-first-release. The tour ends here.');
    expect(said).not.toContain('longest gap');
  });
});
