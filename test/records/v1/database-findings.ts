// Written by v1 of Slipway in a real run, and never changed by hand: docs/upgrade.md.
export const databaseFindings = [
  {
    key: 'plans/d-b003e47069ab0e695a8af472/1/postgres-main.json',
    document: {
      database: 'main',
      state: 'clean',
      notes: [],
      pending: [
        {
          id: '20260101000000',
          path: 'db/migrations/20260101000000_create_products.sql',
          checksum: 'f75498d789c947b6dc89f784761f821ab26d9231811209ae91179d602afa53c0',
          transactional: true,
          after: false,
          statements: [
            {
              line: 2,
              text: 'CREATE TABLE products ( id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, price_cents integer NOT…',
              compatibility: 'EXPAND',
              lock: 'L0',
              tables: [],
              reason: 'creates table products',
            },
            {
              line: 9,
              text: 'INSERT INTO products (name, price_cents, note) VALUES (?, ?, ?), (?, ?, NULL), (?, ?, ?)',
              compatibility: 'NEUTRAL',
              lock: 'L0',
              tables: [],
              reason: 'fills the new products',
            },
          ],
        },
      ],
      compatibility: 'EXPAND',
      lock: 'L0',
      ahead: [],
      after: false,
      pendingHash: '9700560cb95dcaa263521a2443b74d03aac34e5c12024411ab09d817520a1a58',
      rows: {},
    },
  },
  {
    key: 'plans/d-1ba493ed6d703576cffd2b70/5/postgres-main.json',
    document: {
      database: 'main',
      state: 'clean',
      notes: [],
      pending: [
        {
          id: '20260401000000',
          path: 'db/migrations/20260401000000_widen_prices.sql',
          checksum: 'af17d62f971b79645ebe200eeb43c16b69d0defbb4d1360e015652e079a72a6e',
          transactional: true,
          after: false,
          statements: [
            {
              line: 2,
              text: 'ALTER TABLE products ALTER COLUMN price_cents TYPE bigint',
              compatibility: 'CONTRACT',
              lock: 'L3',
              tables: ['public.products', '*'],
              reason:
                'changes the type of products.price_cents, which can rewrite the table and which the running release may not expect',
              advice: 'Add a new column beside it, fill it in small batches, and drop the old one in a later release.',
            },
          ],
        },
      ],
      compatibility: 'CONTRACT',
      lock: 'L3',
      lockReason:
        'It blocks reads and writes of products, tables it does not name (about 3 rows, never analysed) while it reads every row (line 2).',
      ahead: [],
      after: false,
      pendingHash: '5e27e3da386932786ddf00b0796f6e965d7dfb7408fd858b32316cbf786f689a',
      rows: {
        'public.products': 3,
      },
    },
  },
  {
    key: 'plans/d-9d37eb5cf3f77300dafde316/3/postgres-main.json',
    document: {
      database: 'main',
      state: 'clean',
      notes: [],
      pending: [
        {
          id: '20260201000000',
          path: 'db/migrations/20260201000000_index_names.sql',
          checksum: '1594a91b188ed5f84b75a1fd6a8277cb9b61bb4880811c8f02c687ab9a31684c',
          transactional: false,
          after: false,
          statements: [
            {
              line: 2,
              text: 'CREATE INDEX CONCURRENTLY products_name ON products (name)',
              compatibility: 'NEUTRAL',
              lock: 'L0',
              tables: ['public.products'],
              reason: 'builds index products_name on products without blocking writes',
              scans: ['public.products'],
            },
          ],
        },
      ],
      compatibility: 'NEUTRAL',
      lock: 'L0',
      ahead: [],
      after: false,
      pendingHash: '69fcd8a7e412cd46e1d25576fff1d98ef1ec80f8e30cc335e7e712af01307b2f',
      rows: {
        'public.products': -1,
      },
    },
  },
] as const;
