#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "line.h"

/*
 * PROTOCOL.md written a second time, in another way, for the fuzzers to compare lib/ with: scanf and printf on the
 * host instead of the box's byte loops. Shares no code with lib/ but the types of its results.
 */

uint16_t model_crc(const uint8_t *bytes, size_t length);

/* Whether these bytes, without their '\n', are a line of the host (§6), and its fields. */
bool model_parse(const uint8_t *bytes, size_t length, struct line_from_host *line);

/* The press byte of this sequence in an EEPROM, or -1 when it holds no such record (§14). */
int model_press_of(const uint8_t *eeprom, uint32_t sequence);

/* The id an EEPROM holds, or 0. */
uint32_t model_identity_of(const uint8_t *eeprom);

#endif
