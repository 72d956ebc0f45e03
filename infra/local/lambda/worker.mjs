// Runs bundled handlers on behalf of their functions. Started with the same Node binary, imports nothing but Node itself.
// Every call has its own `process.env` and its own log; every function its own instance of its modules.
import { AsyncLocalStorage } from 'node:async_hooks';
import { readdirSync } from 'node:fs';
import { registerHooks, syncBuiltinESMExports } from 'node:module';

const calls = new AsyncLocalStorage();
const outside = { ...process.env };
const environment = () => calls.getStore()?.environment ?? outside;

process.env = new Proxy(outside, {
  get: (_, name) => environment()[name],
  has: (_, name) => name in environment(),
  set: (_, name, value) => {
    environment()[name] = String(value);
    return true;
  },
  deleteProperty: (_, name) => delete environment()[name],
  ownKeys: () => Reflect.ownKeys(environment()),
  getOwnPropertyDescriptor: (_, name) => Object.getOwnPropertyDescriptor(environment(), name),
});
const workingFolder = process.cwd;
process.cwd = () => calls.getStore()?.folder ?? workingFolder();
syncBuiltinESMExports();

// The cloud's clock may be ahead of this machine's: every call brings the difference, and `Date` follows the latest.
let ahead = 0;
const machineNow = Date.now;
Date.now = () => machineNow() + ahead;
globalThis.Date = Date.prototype.constructor = new Proxy(Date, {
  construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [target.now()] : given, made),
  apply: (target) => new target(target.now()).toString(),
});

// A module that a handler imports belongs to the same function: the query of its address passes on. What a bundler has split
// off is named after its content and shared, like the layers of images: 30 copies of one SDK would all have to get warm. Not
// between folders that hold other files beside the code, because a module may read what lies beside it.
const SPLIT_OFF = /[/](chunk-[A-Z0-9]{8}[.]mjs)$/;
const shared = new Map();
const besides = new Map();
const besideCode = (folder) => {
  const known = besides.get(folder.href) ?? readdirSync(folder).filter((name) => !/[.]mjs([.]map)?$/.test(name));
  besides.set(folder.href, known);
  return known;
};
const oneOf = (url) => {
  const [, name] = SPLIT_OFF.exec(url) ?? [];
  if (!name) return undefined;
  const key = [name, ...besideCode(new URL('.', url))].join();
  const first = shared.get(key) ?? url;
  shared.set(key, first);
  return first;
};
registerHooks({
  resolve: (specifier, context, next) => {
    const resolved = next(specifier, context);
    const split = oneOf(resolved.url);
    if (split) return { ...resolved, url: split };
    const query = context.parentURL?.startsWith('file:') ? new URL(context.parentURL).search : '';
    return query && resolved.url.startsWith('file:') && !resolved.url.includes('?')
      ? { ...resolved, url: resolved.url + query }
      : resolved;
  },
});

for (const stream of [process.stdout, process.stderr]) {
  const write = stream.write.bind(stream);
  stream.write = (chunk, encoding, done) => {
    const call = calls.getStore();
    if (!call) return write(chunk, encoding, done);
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    process.send({ log: text.replace(/\n$/, '').split('\n'), group: call.logGroup, stream: call.logStream });
    (typeof encoding === 'function' ? encoding : done)?.();
    return true;
  };
}

const handlers = new Map();
let loading = Promise.resolve();

// One at a time, in the function's own folder: a bundle may read files that lie beside it while it loads.
const load = (call) => {
  const loaded = loading.then(async () => {
    process.chdir(call.folder);
    const module = await import(call.module);
    return module[call.exportName] ?? module.default?.[call.exportName];
  });
  loading = loaded.catch(() => undefined);
  return loaded;
};

const handlerOf = async (call) => {
  const known = handlers.get(call.instance) ?? load(call);
  handlers.set(call.instance, known);
  known.catch(() => handlers.delete(call.instance));
  const handler = await known.catch((error) => {
    if (error?.code === 'ERR_MODULE_NOT_FOUND') error.name = 'Runtime.ImportModuleError';
    throw error;
  });
  if (typeof handler === 'function') return handler;
  throw Object.assign(new Error(`${call.handler} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
};

const contextOf = (call) => {
  const deadline = Date.now() + call.timeoutMillis;
  return {
    functionName: call.functionName,
    functionVersion: call.version,
    invokedFunctionArn: call.invokedArn,
    memoryLimitInMB: String(call.memoryMegabytes),
    awsRequestId: call.requestId,
    logGroupName: call.logGroup,
    logStreamName: call.logStream,
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(deadline - Date.now(), 0),
  };
};

const documentOf = (error) => ({
  errorType: error instanceof Error ? error.name : typeof error,
  errorMessage: error instanceof Error ? error.message : String(error),
  trace: error instanceof Error ? String(error.stack).split('\n') : [],
});

process.on('message', (call) => {
  ahead = call.clockAheadMillis;
  calls.run(call, async () => {
    try {
      const handler = await handlerOf(call);
      const result = await handler(JSON.parse(call.payload), contextOf(call));
      process.send({ requestId: call.requestId, payload: JSON.stringify(result) ?? 'null' });
    } catch (error) {
      process.send({ requestId: call.requestId, error: documentOf(error) });
    }
  });
});

// On AWS this ends the sandbox: here it ends the call, and the worker takes no new ones.
process.on('uncaughtException', (error, origin) => {
  const call = calls.getStore();
  if (!call) {
    process.stderr.write(`${error?.stack ?? error}\n`);
    process.exit(1);
  }
  const found = documentOf(error);
  const rejected = { ...found, errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: String(error) };
  process.send({ requestId: call.requestId, error: origin === 'unhandledRejection' ? rejected : found, retire: true });
});

process.on('disconnect', () => process.exit());
// Ctrl-C and a closing terminal reach every process: the one that started us ends us in its own order.
for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => {});
