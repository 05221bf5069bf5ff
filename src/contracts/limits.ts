/** Ceilings on all that the other side of a wire can send. */

/** Records in one batch. */
export const maxBatchRecords = 200
/** Bytes of one MQTT payload, either way. */
export const maxPayloadBytes = 32 * 1024
/** Epochs listed in one hello; more are sent in further hellos. */
export const maxHeldEpochs = 100
/** Ranges of waiting presses in one hello or health; further ones are told as a count. */
export const maxWaitingRanges = 20
/** Damaged databases told of in one health. */
export const maxQuarantined = 10
/** `lost` ranges in one batch. */
export const maxLostRanges = 50
/** Largest integer on a wire (2^53 − 1), for sequences and milliseconds. */
export const maxInteger = Number.MAX_SAFE_INTEGER
/** Sequences of a box are 32 bit (PROTOCOL.md). */
export const maxBoxSeq = 0xffff_ffff
/** Highest value of any scale: NPS has 0–10. */
export const maxValue = 10
