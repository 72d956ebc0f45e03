-- migrate:up
-- slipway: after
ALTER TABLE products DROP COLUMN note;

-- migrate:down
ALTER TABLE products ADD COLUMN note text;
