import { createServer } from 'node:http';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 4 });
// A connection that the server closes while idle is replaced by the pool; without a listener it would end the process.
pool.on('error', (error) => console.error(error.message));

const products = async () => {
  const { rows } = await pool.query('SELECT name, price_cents, discount_percent FROM products ORDER BY id');
  return rows.map(({ name, price_cents, discount_percent }) => {
    const cents = (Number(price_cents) * (100 - discount_percent)) / 100;
    return `${name}: ${(cents / 100).toFixed(2)}`;
  });
};

const server = createServer(async (request, response) => {
  if (request.url === '/healthz') return response.end('ok');
  try {
    response.end(`Welcome aboard\n\n${(await products()).join('\n')}\n`);
  } catch (error) {
    response.writeHead(500).end(`${error.message}\n`);
  }
});

server.listen(Number(process.env.PORT ?? 8080), '0.0.0.0', () =>
  console.log(`listening on ${process.env.PORT ?? 8080}`),
);
process.on('SIGTERM', () => server.close(() => pool.end()));
