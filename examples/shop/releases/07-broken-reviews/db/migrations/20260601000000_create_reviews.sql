-- migrate:up
CREATE TABLE reviews (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  product_id bigint NOT NULL REFERENCES product (id),
  stars integer NOT NULL
);

-- migrate:down
DROP TABLE reviews;
