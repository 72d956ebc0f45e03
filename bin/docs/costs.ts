import { dollarsOf, prices, type Unit, type Units } from '../costs/prices.ts';
import { code, table } from './markdown.ts';

/** What 1,000 deployments of each mode cost, by what is paid for. */
export const costTable = (counted: Readonly<Record<string, Units>>): string => {
  const modes = Object.entries(counted);
  return table(
    ['1,000 deployments', ...modes.map(([mode]) => mode)],
    [
      ...Object.entries(prices).map(([unit, { what, dollars }]) => [
        what,
        ...modes.map(([, units]) => `${units[unit as Unit]} each: ${money(units[unit as Unit] * dollars * 1000)}`),
      ]),
      ['**together**', ...modes.map(([, units]) => `**${money(dollarsOf(units) * 1000)}**`)],
    ],
  );
};

export const priceTable = (): string =>
  table(
    ['what', 'dollars for a million', 'by'],
    Object.values(prices).map(({ what, dollars, page }) => [
      what,
      String(Number((dollars * 1e6).toPrecision(6))),
      code(`aws.amazon.com/${page}/pricing`),
    ]),
  );

const money = (dollars: number): string => `$${dollars.toFixed(dollars < 0.01 ? 3 : 2)}`;
