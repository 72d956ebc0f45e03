// Written by v1 of Slipway in a real run, and never changed by hand: docs/upgrade.md.
export const listeners = [
  {
    listenerArn:
      'arn:aws:elasticloadbalancing:eu-west-1:000000000000:listener/app/local/d58372e34ce0b10f/e010f3d40134fffa',
    reservations: {
      '1000': {
        stack: 'dev-shop',
        parameter: 'ListenerRulePriority0450d5ba4957',
        fence: 10,
      },
      '1001': {
        stack: 'dev-signed-letters',
        parameter: 'ListenerRulePrioritybef690b87ed3',
        fence: 1,
      },
      '1002': {
        stack: 'dev-queue',
        parameter: 'ListenerRulePriority815ddc2900ed',
        fence: 1,
      },
    },
    _revision: 12,
  },
] as const;
