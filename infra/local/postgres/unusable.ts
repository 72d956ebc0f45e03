/** What to say when PostgreSQL cannot be had from npm. */
export const unusable = (cause: string): Error =>
  new Error(
    `The embedded PostgreSQL cannot start: ${cause}. Nothing was changed. Run npm install again with install scripts ` +
      'allowed, or set SLIPWAY_POSTGRES_URL to the admin URL of a server of your own ' +
      '(postgresql://admin:password@127.0.0.1:5432/postgres), which then is used instead.',
  );
