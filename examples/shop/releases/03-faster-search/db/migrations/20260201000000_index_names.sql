-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY products_name ON products (name);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY products_name;
