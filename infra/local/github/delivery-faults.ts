/** What a fault is chosen by. */
export interface Sending {
  readonly event: string;
  /** Of a push. */
  readonly ref?: string | undefined;
  readonly after?: string | undefined;
}

export type FitsSending = (sending: Sending) => boolean;

export interface DeliveryFaults {
  /** The next `times` events that fit are told to nobody, and no record of them is left: GitHub lost them. */
  lose(fits: FitsSending, times: number): void;
  /** The next `times` sendings that fit end with this status instead of reaching the webhook; 0 stands for no answer in time. */
  failDelivery(fits: FitsSending, times: number, status: number): void;
}

interface Fault {
  readonly fits: FitsSending;
  readonly status?: number;
  left: number;
}

/** As the deliveries themselves see them. */
export interface FaultyDeliveries extends DeliveryFaults {
  isLost(sending: Sending): boolean;
  /** The status that a sending ends with; undefined when it goes its way. */
  statusOf(sending: Sending): number | undefined;
}

/** Deliveries that fail on demand. */
export const deliveryFaultsOf = (): FaultyDeliveries => {
  const faults: Fault[] = [];
  const take = (sending: Sending, isWanted: (fault: Fault) => boolean): Fault | undefined => {
    const fault = faults.find((each) => each.left > 0 && isWanted(each) && each.fits(sending));
    if (fault) fault.left--;
    return fault;
  };
  return {
    lose: (fits, times) => void faults.push({ fits, left: times }),
    failDelivery: (fits, times, status) => void faults.push({ fits, left: times, status }),
    isLost: (sending) => take(sending, ({ status }) => status === undefined) !== undefined,
    statusOf: (sending) => take(sending, ({ status }) => status !== undefined)?.status,
  };
};
