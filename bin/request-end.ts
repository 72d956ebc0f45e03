import type { Callback } from '../functions/domain/callback.ts';
import { Complaint } from './complaint.ts';
import type { OperatorPorts } from './operator.ts';
import { answerFrom, type RequestAnswer } from './view/request-outcome.ts';

const BETWEEN_LOOKS_MILLIS = 500;

/** What became of a request so far. */
export type RequestEnd =
  | { readonly kind: 'answered'; readonly answer: RequestAnswer }
  /** Its execution goes on by itself, for up to an hour, until these exist. */
  | { readonly kind: 'waits'; readonly images: readonly string[] };

export interface Patience {
  readonly seconds: number;
  /** Goes on looking while images are missing. */
  readonly forImages: boolean;
  /** Told once of each thing that it waits for. */
  readonly tell: (line: string) => void;
}

/**
 * Looks until a request by hand has its answer.
 * @throws Complaint when its execution was ended by a fault, or patience has
 */
export const requestEnd = async (
  ports: OperatorPorts,
  { arn, id }: { readonly arn: string; readonly id: string },
  { seconds, forImages, tell }: Patience,
): Promise<RequestEnd> => {
  const { clock, machines } = ports;
  const until = clock.now().getTime() + seconds * 1000;
  for (let told = false; ; ) {
    const found = await machines.find(arn);
    if (found?.status === 'SUCCEEDED') return { kind: 'answered', answer: answerFrom(found.output ?? '{}') };
    if (found?.status !== 'RUNNING') throw new Complaint(faulty(arn, found));
    const images = await missingImages(ports, id);
    if (images.length > 0 && !forImages) return { kind: 'waits', images };
    if (images.length > 0 && !told) tell(`Waiting for ${images.join(', ')}`);
    told ||= images.length > 0;
    if (clock.now().getTime() >= until) throw new Complaint(late(arn, seconds));
    await clock.sleep(BETWEEN_LOOKS_MILLIS);
  }
};

const missingImages = async ({ callbacks }: OperatorPorts, id: string): Promise<readonly string[]> =>
  (await callbacks.listOpenBySubject(`deployment:${id}`)).flatMap(imagesOf);

const imagesOf = ({ waitsFor }: Callback): readonly string[] => (waitsFor.kind === 'image' ? waitsFor.images : []);

const faulty = (
  arn: string,
  found:
    | { readonly status: string; readonly error?: string | undefined; readonly cause?: string | undefined }
    | undefined,
): string => {
  if (!found) return `The execution ${arn} is gone.`;
  const { status, error = 'no error was given', cause = '' } = found;
  return `The request ended ${status} by a fault, not by a refusal: ${error}${cause ? `: ${causeOf(cause)}` : ''}. Its history: ${arn}`;
};

/** A function's error is a document, of which people need the message. */
const causeOf = (cause: string): string => {
  const [, message] = /"errorMessage":("(?:[^"\\]|\\.)*")/.exec(cause) ?? [];
  return message === undefined ? cause : String(JSON.parse(message));
};

const late = (arn: string, seconds: number): string =>
  `After ${seconds} s the request still runs, and goes on without anybody looking: ${arn}`;
