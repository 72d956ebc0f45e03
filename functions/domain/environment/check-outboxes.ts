import type { Application } from '../application/application.ts';
import { type Finding, findingAt } from '../configuration/finding.ts';
import { outboxOwner } from '../template/outbox.ts';

/** Every outbox has a runtime that sends it, and what is said about one is said of one that is sent. */
export const checkOutboxes = (application: Application): readonly Finding[] =>
  application.databases.flatMap((database, index) => {
    const { runOutbox, outboxDelayable } = database.postgres;
    const keys = ['databases', index, 'postgres'];
    return [
      ...(runOutbox && !outboxOwner(database, application)
        ? [
            findingAt(
              [...keys, 'runOutbox'],
              `nobody sends the outbox: no runtime names the database ${database.name} in a variable`,
            ),
          ]
        : []),
      ...(outboxDelayable && !runOutbox
        ? [findingAt([...keys, 'outboxDelayable'], 'delays the messages of an outbox: set runOutbox to true')]
        : []),
    ];
  });
