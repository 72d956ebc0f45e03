-- migrate:up
CREATE TABLE products (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  price_cents integer NOT NULL,
  note text
);

INSERT INTO products (name, price_cents, note)
VALUES ('Anchor', 12900, 'heavy'), ('Cleat', 1450, NULL), ('Fender', 3200, 'soft');

-- migrate:down
DROP TABLE products;
