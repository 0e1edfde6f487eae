/** What an operation throws: in a batch it becomes the message of one item, elsewhere a SOAP fault. */
import { RESPONSE_CODES, type ResponseCode } from "../response-codes.ts";

/** What a thrower adds. */
export interface EwsFaultOptions {
  /** Replaces the text of the code. */
  readonly text?: string | undefined;
  /** Named values of `MessageXml`, for example `BackOffMilliseconds`. */
  readonly values?: Readonly<Record<string, string>> | undefined;
  /** Finished XML of `MessageXml`, after the values. */
  readonly messageXml?: string | undefined;
  /** Text behind the text of the code in `faultstring` only. */
  readonly violation?: string | undefined;
}

/** A refusal with its response code. */
export class EwsFault extends Error {
  readonly code: ResponseCode;
  readonly options: EwsFaultOptions;

  constructor(code: ResponseCode, options: EwsFaultOptions = {}) {
    super(options.text ?? RESPONSE_CODES[code]);
    this.code = code;
    this.options = options;
  }
}
