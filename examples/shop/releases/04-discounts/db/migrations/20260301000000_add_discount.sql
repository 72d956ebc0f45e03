-- migrate:up
ALTER TABLE products ADD COLUMN discount_percent integer NOT NULL DEFAULT 0;

-- migrate:down
ALTER TABLE products DROP COLUMN discount_percent;
